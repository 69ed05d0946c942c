/** What has served its time goes by itself, once a day, however many workers there are. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { retentionDays } from '@/lib/cloud/database/retention'
import { forgetDaily } from '@/lib/cloud/forget-loop'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { startWorker } from '@/lib/cloud/worker'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, openAccount, openWorld, Phone } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400

/** An upload that was worked through so many days ago. */
async function uploaded(days: number) {
  const world = await openWorld(database)
  const { cloud } = world
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await uploadsOf(cloud)).toBeGreaterThan(0)
  world.pass(days * dayS)
  return world
}

const uploadsOf = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const rows = await tx
      .selectFrom('inbox')
      .select('item_id')
      .where('tenant', '=', cloud.config.tenant)
      .execute()
    return rows.length
  })

test('of workers that look at the same moment one does it, and none again before a day has passed', async () => {
  const { cloud, pass } = await uploaded(retentionDays.inbox + 1)
  const look = () => Promise.all(Array.from({ length: 5 }, () => forgetDaily(cloud, database.url)))
  const done = (await look()).filter((one) => one !== undefined)
  expect(done).toMatchObject([{ inboxItems: 1 }])
  expect(await uploadsOf(cloud)).toBe(0)
  pass(dayS - 1)
  expect(await look()).toEqual(Array.from({ length: 5 }, () => undefined))
  pass(1)
  expect((await look()).filter((one) => one !== undefined)).toMatchObject([{ inboxItems: 0 }])
})

test('a worker does it without being told to, and keeps what has not served its time', async () => {
  const old = await uploaded(retentionDays.inbox + 1)
  const young = await uploaded(retentionDays.inbox - 1)
  const workers = [startWorker(old.cloud, database.url), startWorker(young.cloud, database.url)]
  try {
    await expect.poll(() => uploadsOf(old.cloud), { timeout: 20_000 }).toBe(0)
    await expect.poll(() => forgetDaily(young.cloud, database.url), { timeout: 20_000 }).toBeUndefined()
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
  }
  expect(await uploadsOf(young.cloud)).toBe(1)
})

test('where the role that forgets cannot be had, nothing is deleted, and nobody tries again that day', async () => {
  const { cloud } = await uploaded(retentionDays.inbox + 1)
  const address = new URL(database.url)
  address.pathname = '/no-such-database'
  await expect(forgetDaily(cloud, address.href)).rejects.toThrow()
  expect(await forgetDaily(cloud, database.url)).toBeUndefined()
  expect(await uploadsOf(cloud)).toBe(1)
})
