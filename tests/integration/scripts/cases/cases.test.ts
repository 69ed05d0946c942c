import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { Cloud } from '@/lib/cloud/context'
import { receiveReport } from '@/lib/cloud/ingest/commands'
import { reserveAccount } from '@/lib/cloud/ledger/accounts'
import { balanceMinor, Charger, openAccount, openWorld, Phone, proof } from '../../cloud/world'
import { openTestDatabase, type TestDatabase } from '../../database-fixture'
import { runScript } from '../run-script'

let database: TestDatabase
let cloud: Cloud
let phone: Phone

beforeAll(async () => {
  database = await openTestDatabase()
  cloud = (await openWorld(database)).cloud
  phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 40_000)
  const lower = await charger.receipt(session.id, session.offer, 3_000, 20_000)
  for (const bytes of [session.receipt, lower.bytes])
    expectOk(await receiveReport(cloud, phone.report([{ ...session, receipt: bytes }])), 'report')
})
afterAll(() => database.close())

const cases = (...args: readonly string[]) =>
  runScript('cases', args, { DATABASE_URL: database.url, OUTPOST_TENANT: cloud.config.tenant })

const caseIn = (line: string): string => /^[0-9a-f]{32}/m.exec(line)?.[0] ?? ''

test('an operator finds a case, reads it, takes it up and decides it without a console', async () => {
  const listed = await cases('list')
  expect(listed).toMatchObject({ code: 0 })
  expect(listed.out).toMatch(/two-finals +open +– .*€9\.80/)
  const caseId = caseIn(listed.out)
  const folder = mkdtempSync(join(tmpdir(), 'outpost-evidence-'))
  const shown = await cases('show', caseId, '--evidence-to', folder)
  expect(shown.out).toMatch(/about +two-finals: /)
  expect(shown.out).toMatch(/posted +€9\.80/)
  expect(shown.out).toMatch(/1 {2}.* opened → open {2}operator/)
  // The signed pieces can be taken elsewhere and read there.
  const receipts = readdirSync(folder).filter((name) => name.startsWith('receipt-'))
  expect(receipts).toHaveLength(2)
  for (const name of receipts)
    expect(parseMessage(receipt, toBytes(readFileSync(join(folder, name)))).ok).toBe(true)
  rmSync(folder, { recursive: true })
  const author = ['--author', 'anna', '--reason', 'driver-right']
  const early = await cases('decide', caseId, 'dismiss', ...author)
  expect(early).toMatchObject({ code: 2, out: '' })
  expect(early.complaints).toMatch(/does not fit the state of the case.*K-183/)
  expect((await cases('take-up', caseId, '--author', 'anna')).code).toBe(0)
  const refunded = await cases('decide', caseId, 'refund', '--amount', '1.80', ...author)
  expect(refunded.out).toMatch(/refund: 151 from revenue to wallet:/)
  expect((await cases('decide', caseId, 'dismiss', ...author, '--note', 'Second receipt stands.')).code).toBe(
    0,
  )
  const german = await cases(
    'decide',
    caseId,
    'uphold',
    '--author',
    'ben',
    '--reason',
    'other',
    '--lang',
    'de',
  )
  expect(german.complaints).toMatch(/Dieser Fall ist entschieden/)
  expect(await balanceMinor(cloud, reserveAccount(phone.serial))).toBe(3_020)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a line that makes no sense is answered by how it should be', async () => {
  expect((await cases('burn')).complaints).toMatch(/npm run cases -- <command>/)
})
