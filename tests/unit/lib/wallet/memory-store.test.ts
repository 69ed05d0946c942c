import { test } from 'vitest'
import { memoryDisk, memoryStore } from '@/lib/wallet/memory-store'
import { storeContract } from '../../../fixtures/wallet-store-contract'

test.each(storeContract)('the store in memory $says', async ({ hold }) => {
  const disk = memoryDisk()
  await hold(() => Promise.resolve(memoryStore(disk)))
})
