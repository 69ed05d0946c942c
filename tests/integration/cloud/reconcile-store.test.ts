import { afterAll, beforeAll } from 'vitest'
import { inTenant } from '@/lib/cloud/database/connection'
import { reconcilerOf } from '@/lib/cloud/ingest/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { reconcileStoreContract } from '../../contracts/reconcile-store'
import { openWorld, proof, startS } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

reconcileStoreContract(async () => {
  const { cloud } = await openWorld(database)
  const { tenant, currency } = cloud.config
  return {
    store: reconcilerOf(cloud).store,
    putGrant: (serial, owner, releaseAfterS) =>
      inTenant(cloud.db, tenant, async (tx) => {
        const times = { not_after_s: releaseAfterS, issued_at_s: startS }
        const terms = {
          account_id: null,
          device_key: '0'.repeat(64),
          cap_minor: 1,
          spends_max: 8,
          bytes: Buffer.alloc(0),
        }
        await tx
          .insertInto('grants')
          .values({ tenant, serial, owner, currency, ...times, ...terms })
          .execute()
        await tx
          .insertInto('reserves')
          .values({ tenant, serial, owner, currency, release_after_s: releaseAfterS, released_at_s: null })
          .execute()
      }),
    prove: () => proof(cloud),
  }
})
