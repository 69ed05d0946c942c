/** What devices and watchers are told, over the routes, while uploads wait for workers. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GET as health } from '@/app/api/v1/health/route'
import { POST as sync } from '@/app/api/v1/sync/route'
import { POST as report } from '@/app/api/v1/wallet/report/route'
import { limits } from '@/lib/core/limits'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant, openDatabase } from '@/lib/cloud/database/connection'
import { processWaiting } from '@/lib/cloud/ingest/commands'
import { revenueAccount, taxAccount } from '@/lib/cloud/ledger/accounts'
import { health as healthOf } from '@/lib/cloud/operator/queries'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, Charger, openAccount, Phone } from './world'

let database: TestDatabase
let folder: string
let cloud: Cloud

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-busy-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  // Works only when the test says so: it counts what waits.
  process.env[environmentNames.worker] = '0'
  cloud = await runningCloud()
})
afterAll(async () => {
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const origin = 'http://localhost:3000'

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: Readonly<Record<string, unknown>>
}

async function answerOf(asked: Promise<Response>): Promise<Answer> {
  const response = await asked
  const body = (await response.json()) as Answer['body']
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body }
}

const upload = (bytes: Uint8Array<ArrayBuffer>): Promise<Answer> =>
  answerOf(sync(new Request(`${origin}/api/v1/sync`, { method: 'POST', body: bytes })))

const tell = (chains: object): Promise<Answer> => {
  const body = JSON.stringify(chains)
  return answerOf(
    report(
      new Request(`${origin}/api/v1/wallet/report`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
    ),
  )
}

/** With a worker that works off what waits until there is an answer. */
async function worked(asked: Promise<Answer>): Promise<Answer> {
  let isAnswered = false
  const answered = asked.finally(() => (isAnswered = true))
  while (!isAnswered) {
    await processWaiting(cloud)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return answered
}

const watch = (): Promise<Answer> => answerOf(health(new Request(`${origin}/api/v1/health`)))

/** Uploads that no worker has looked at, the oldest of them for `ageS`. */
async function fillInbox(count: number, ageS: number): Promise<void> {
  const receivedAtS = cloud.clock.nowS() - ageS
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    sql`
      insert into inbox (tenant, item_id, kind, bytes, state, received_at_s)
      select ${cloud.config.tenant}::text, 'waiting ' || n, 'bundle', ''::bytea, 'waiting', ${receivedAtS}::bigint
      from generate_series(1, ${count}::integer) as n`.execute(tx),
  )
}

const incomeMinor = async (): Promise<number> =>
  (await balanceMinor(cloud, revenueAccount)) + (await balanceMinor(cloud, taxAccount))

test('a full inbox refuses what is new with 503 and when to come back, and takes it once there is room', async () => {
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 9_000), 9_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 1_000)
  const early = await charger.bundle()
  expect(await worked(upload(early))).toMatchObject({ status: 200 })
  expect((await watch()).body).toMatchObject({ status: 'ok', inboxWaiting: 0, inboxOldestS: 0 })

  await fillInbox(limits.inboxWaitingMax, 90)
  await charger.charge(phone, 1_000, 1_000)
  const late = await charger.bundle()
  const busy = { status: 503, retryAfter: '30', body: { error: { code: 'api.busy' } } }
  expect(await upload(late)).toMatchObject(busy)
  expect(await tell(phone.report())).toMatchObject(busy)
  expect(await incomeMinor()).toBe(49)
  // What is on the disk already costs no room: its sender gets the answer that was lost.
  expect(await upload(early)).toMatchObject({ status: 200 })
  const full = await watch()
  expect(full).toMatchObject({ status: 200, body: { inboxWaiting: limits.inboxWaitingMax } })
  expect(full.body['inboxOldestS']).toBeGreaterThanOrEqual(90)

  while ((await processWaiting(cloud, 500)) > 0);
  expect(await worked(upload(late))).toMatchObject({ status: 200 })
  expect(await worked(tell(phone.report()))).toMatchObject({ status: 200 })
  expect(await incomeMinor()).toBe(98)
  const after = (await watch()).body
  expect(after).toMatchObject({ status: 'ok', database: 'ok', inboxWaiting: 0, inboxOldestS: 0 })
  expect(after['inboxDonePerMinute']).toBeGreaterThanOrEqual(limits.inboxWaitingMax)
})

test('a database that does not answer is no health', async () => {
  // Nobody listens there.
  const db = openDatabase('postgresql://outpost@127.0.0.1:1/outpost')
  const unreachable = { status: 'starting', database: 'unreachable', inboxWaiting: 0 }
  expect(await healthOf({ ...cloud, db })).toMatchObject(unreachable)
  await db.destroy()
})
