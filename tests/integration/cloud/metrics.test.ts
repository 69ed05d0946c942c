/** What Prometheus is told, and whom. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { GET } from '@/app/api/v1/metrics/route'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, openAccount, Phone } from './world'

const token = 'a token of more than sixteen characters'
let database: TestDatabase
let folder: string
let cloud: Cloud

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-metrics-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  process.env[environmentNames.worker] = '0'
  process.env[environmentNames.metricsToken] = token
  cloud = await runningCloud()
})
afterAll(async () => {
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (shown?: string) =>
  GET(
    new Request('http://localhost:3000/api/v1/metrics', {
      headers: shown === undefined ? {} : { authorization: `Bearer ${shown}` },
    }),
  )

async function figures(): Promise<ReadonlyMap<string, number>> {
  const response = await ask(token)
  expect(response.headers.get('content-type')).toContain('version=0.0.4')
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]))
}

test('only whoever shows the token reads figures', async () => {
  for (const shown of [undefined, 'another token', `${token}x`, '']) {
    const response = await ask(shown)
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain('outpost_')
  }
})

test('money, chargers and what waits are told as they change, by name and help, each once', async () => {
  const before = await figures()
  expect(before.get('outpost_chargers_never_heard')).toBe(before.get('outpost_chargers'))
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000)
  const working = { ...cloud, config: { ...cloud.config, runsWorker: true } }
  expectOk(await receiveBundle(working, await charger.bundle()), 'bundle')
  const after = await figures()
  expect(after.get('outpost_revenue_minor{currency="EUR"}')).toBeGreaterThan(
    before.get('outpost_revenue_minor{currency="EUR"}') ?? 0,
  )
  expect(after.get('outpost_chargers')).toBe((before.get('outpost_chargers') ?? 0) + 1)
  expect(after.get('outpost_chargers_never_heard')).toBe(before.get('outpost_chargers_never_heard'))
  expect(after.get('outpost_cases_open{kind="fork"}')).toBe(0)
  expect(after.get('outpost_inbox_waiting')).toBe(0)
  const text = await (await ask(token)).text()
  const heads = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
  expect(new Set(heads).size).toBe(heads.length)
  for (const name of after.keys()) expect(heads).toContain(name.replace(/\{.*/, ''))
})
