import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import {
  MemoryStore,
  StoreFailure,
  type CommitFate,
  type MemoryFaults,
} from '@/lib/cloud/ingest/memory-store'
import { cardClearingAccount, ownerAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import { reconcileStoreContract } from '../../../../contracts/reconcile-store'
import { memoryOperator } from '../../../../fixtures/memory-operator'

const openStore = async (faults?: MemoryFaults) => new MemoryStore(await memoryOperator(), faults)

reconcileStoreContract(async () => {
  const store = await openStore()
  return {
    store,
    putGrant: (serial, owner, releaseAfterS) =>
      store.transaction(() => {
        const reserve = { owner: ownerAccount(owner), releaseAfterS, releasedAtS: null, coveredMinor: 0 }
        store.tables.reserves.set(grantSerial(serial), reserve)
        store.tables.grants.set(grantSerial(serial), new Uint8Array())
        return Promise.resolve()
      }),
    prove: () => Promise.resolve(store.tables.ledger.prove()),
  }
})

const wallet = walletAccount('anna')
const topUp: Transfer = {
  ...{ reference: 't1', kind: 'top-up', debit: cardClearingAccount, credit: wallet, currency: EUR },
  ...{ effect: 'post', reason: 'test', author: 'test', amountMinor: minorUnits(500) },
}
const balance = (store: MemoryStore) => store.tables.ledger.balance(wallet, EUR).postedMinor

test.each([
  ['done', 500],
  ['lost', 0],
  ['done-unknown', 500],
] as const)('a commit that is %s leaves %i', async (fate: CommitFate, left) => {
  const store = await openStore({ onCommit: () => fate })
  const asked = store.transaction((tx) => tx.post([topUp]))
  if (fate === 'done') await asked
  else await expect(asked).rejects.toThrow(StoreFailure)
  expect(balance(store)).toBe(left)
})

test('a step that fails takes the whole transaction with it', async () => {
  const store = await openStore({
    beforeStep: (operation) => {
      if (operation === 'lockBooks') throw new StoreFailure('power cut')
    },
  })
  const asked = store.transaction(async (tx) => {
    await tx.post([topUp])
    return tx.lockBooks([])
  })
  await expect(asked).rejects.toThrow('power cut')
  expect(balance(store)).toBe(0)
})

test('a crash undoes what runs, breaks it, and leaves the store to whoever comes next', async () => {
  const store = await openStore()
  let goOn: () => void = () => undefined
  const pause = new Promise<void>((resolve) => (goOn = resolve))
  const dying = store.transaction(async (tx) => {
    await tx.post([topUp])
    await pause
    return tx.post([{ ...topUp, reference: 't2' }])
  })
  await Promise.resolve()
  await Promise.resolve()
  store.crash()
  const next = store.transaction((tx) =>
    tx.post([{ ...topUp, reference: 't3', amountMinor: minorUnits(70) }]),
  )
  goOn()
  await expect(dying).rejects.toThrow(StoreFailure)
  expect((await next).ok).toBe(true)
  expect(balance(store)).toBe(70)
})
