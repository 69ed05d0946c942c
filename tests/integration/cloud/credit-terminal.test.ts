/** `npm run bank`: the operator's acts on fleets' money at the terminal. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { environmentNames } from '@/lib/cloud/config'
import { referenceOf } from '@/lib/cloud/credit/bank-reference'
import { creditOf } from '@/lib/cloud/credit/queries'
import { inTenant } from '@/lib/cloud/database/connection'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { bank } from '../../../scripts/bank/main'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openWorld } from './world'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-bank-'))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a statement is taken, what waits is listed and assigned, and a credit line is set', async () => {
  const { cloud } = await openWorld(database)
  await seedDemo(cloud)
  const { fleet_number: fleetNumber } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('fleets')
      .select('fleet_number')
      .where('fleet_id', '=', demo.fleetId)
      .executeTakeFirstOrThrow(),
  )
  const before = expectOk(await creditOf(cloud, demo.fleetId), 'before').ownMinor
  const printed: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
  const run = (...words: string[]): Promise<number> =>
    bank([...words, '--author', 'anna', '--tenant', cloud.config.tenant], {
      [environmentNames.databaseUrl]: database.url,
    })
  const file = join(folder, 'september.csv')
  writeFileSync(
    file,
    `\uFEFFBuchungstag;Betrag;Währung;Verwendungszweck\r\n01.09.2026;12,50;EUR;${referenceOf(fleetNumber)}\r\n02.09.2026;3,00;EUR;Danke\r\n`,
  )
  try {
    expect(await run('import', file)).toBe(0)
    expect(await run('open')).toBe(0)
    const rowKey = /^[0-9a-f]{64}/m.exec(printed.join(''))?.[0] ?? ''
    expect(await run('assign', rowKey, String(fleetNumber))).toBe(0)
    expect(await run('credit-line', demo.fleetId, '500')).toBe(0)
    expect(await run('open')).toBe(0)
  } finally {
    spy.mockRestore()
  }
  expect(printed[0]).toBe('1 posted, 1 wait for somebody to say whose they are, 0 were known.\n')
  expect(printed.at(-1)).toBe('No transfer waits.\n')
  expect(expectOk(await creditOf(cloud, demo.fleetId), 'after')).toMatchObject({
    ...{ ownMinor: before + 1_550, limitMinor: 50_000 },
  })
})

test('a line without a name, or without a file, is not understood', async () => {
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    expect(await bank(['import', 'x.csv'], {})).toBe(1)
    expect(await bank(['import', '--author', 'anna'], {})).toBe(1)
    expect(await bank(['give', 'x', '--author', 'anna'], {})).toBe(1)
  } finally {
    spy.mockRestore()
  }
})
