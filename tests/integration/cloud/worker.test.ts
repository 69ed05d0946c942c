import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { environmentNames, readCloudConfig } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { processInLanes, processWaiting, reconcilerOf } from '@/lib/cloud/ingest/commands'
import { outcomeOf, putIntoInbox } from '@/lib/cloud/ingest/inbox'
import { revenueAccount, taxAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { establish, openCloud } from '@/lib/cloud/open-cloud'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, Charger, openAccount, Phone, proof } from './world'

let database: TestDatabase
let folder: string
let cloud: Cloud
let close: () => Promise<void>
const workers = new Set<ChildProcess>()

const environment = () => ({
  [environmentNames.databaseUrl]: database.url,
  [environmentNames.dataFolder]: folder,
  [environmentNames.keyPassphrase]: 'only for this test',
  [environmentNames.tenant]: 'workers',
})

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-worker-'))
  const opened = await openCloud(readCloudConfig(environment()), database.url)
  cloud = opened.cloud
  close = opened.close
  await establish(cloud)
})
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await close()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

function startWorker(): ChildProcess {
  const entry = fileURLToPath(new URL('../../../lib/cloud/worker-process.ts', import.meta.url))
  const worker = spawn(process.execPath, ['--import', 'tsx', entry], {
    env: { ...process.env, ...environment() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  workers.add(worker)
  return worker
}

/** A worker says one line once it works; before that it does not know how to end. */
const working = (worker: ChildProcess) => once(worker.stdout!, 'data')

/** Polls what only another process can change. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(2)
}

const isBeingWorkedOn = async (itemId: string): Promise<boolean> => {
  const { rows } = await inTenant(database.db, cloud.config.tenant, (tx) =>
    sql`select 1 from inbox where tenant = ${cloud.config.tenant} and item_id = ${itemId} for update skip locked`.execute(
      tx,
    ),
  )
  return rows.length === 0
}

const sessionCount = 150

test('a worker killed in the middle of a batch leaves nothing half done, and the next one does it once', async () => {
  const accountId = await openAccount(cloud, 50_000)
  const phone = await Phone.withGrant(cloud, accountId, 10_000)
  const charger = await Charger.enrolled(cloud)
  for (let count = 0; count < sessionCount; count += 1) await charger.charge(phone, 200, 1_000)
  const put = await putIntoInbox(reconcilerOf(cloud), 'bundle', await charger.bundle())
  const itemId = expectOk(put, 'room')

  const first = startWorker()
  await until(() => isBeingWorkedOn(itemId))
  first.kill('SIGKILL')
  await once(first, 'exit')
  await until(async () => !(await isBeingWorkedOn(itemId)))
  expect(await outcomeOf(reconcilerOf(cloud), itemId)).toBeUndefined()
  expect(await balanceMinor(cloud, revenueAccount)).toBe(0)

  const second = startWorker()
  const third = startWorker()
  await Promise.all([working(second), working(third)])
  await until(async () => (await outcomeOf(reconcilerOf(cloud), itemId)) !== undefined)
  for (const worker of [second, third]) {
    worker.kill('SIGTERM')
    expect(await once(worker, 'exit')).toEqual([0, null])
  }
  // 1 kWh at 0.49 is 0.49, of which 0.08 is tax; 150 sessions are 73.50.
  expect(await balanceMinor(cloud, revenueAccount)).toBe(sessionCount * 41)
  expect(await balanceMinor(cloud, taxAccount)).toBe(sessionCount * 8)
  expect(await balanceMinor(cloud, walletAccount(accountId))).toBe(40_000)
  expect(await proof(cloud)).toMatchObject({ transfers: 2 + sessionCount * 2, isProved: true })
})

test('what a process had written down before it died is worked through by whoever comes next', async () => {
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 5_000), 2_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 1_000)
  const bytes = new TextEncoder().encode(JSON.stringify(phone.report()))
  const itemId = expectOk(await putIntoInbox(reconcilerOf(cloud), 'report', bytes), 'room')
  expect(await processWaiting(cloud)).toBe(1)
  expect(await outcomeOf(reconcilerOf(cloud), itemId)).toMatchObject({
    kind: 'report',
    serials: [phone.serial],
  })
  expect(await processWaiting(cloud)).toBe(0)
})

test('two workers of two lanes each settle one grant’s sessions at many chargers once, and end when nothing waits', async () => {
  const chargerCount = 36
  const accountId = await openAccount(cloud, 50_000)
  const phone = await Phone.withGrant(cloud, accountId, 10_000)
  const before = await proof(cloud)
  for (let count = 0; count < chargerCount; count += 1) {
    const charger = await Charger.enrolled(cloud)
    await charger.charge(phone, 200, 1_000)
    expectOk(await putIntoInbox(reconcilerOf(cloud), 'bundle', await charger.bundle()), 'room')
  }
  const done = await Promise.all([processInLanes(cloud), processInLanes(cloud)])
  expect(done.reduce((sum, count) => sum + count, 0)).toBe(chargerCount)
  expect(await processInLanes(cloud)).toBe(0)
  expect(await proof(cloud)).toMatchObject({
    transfers: before.transfers + chargerCount * 2,
    isProved: true,
  })
})

test('a lane that is told to stop begins nothing more', async () => {
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 5_000), 2_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 1_000)
  expectOk(await putIntoInbox(reconcilerOf(cloud), 'bundle', await charger.bundle()), 'room')
  expect(await processInLanes(cloud, AbortSignal.abort())).toBe(0)
  expect(await processInLanes(cloud)).toBe(1)
})
