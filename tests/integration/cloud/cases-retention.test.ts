import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { decideCase, reviewCase } from '@/lib/cloud/cases/commands'
import { openCasesOf } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant, openDatabase, type Database } from '@/lib/cloud/database/connection'
import { forgetOld, retentionDays, retentionRole } from '@/lib/cloud/database/retention'
import { receiveReport } from '@/lib/cloud/ingest/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, openAccount, openWorld, Phone, proof, type TestSession } from './world'

let database: TestDatabase
let keeper: Database

beforeAll(async () => {
  database = await openTestDatabase()
  keeper = openDatabase(database.url, { connections: 1, role: retentionRole })
})
afterAll(async () => {
  await keeper.destroy()
  await database.close()
})

const day = 86_400

/** Two receipts of one session, whose case waits for people. */
async function disputedSession() {
  const world = await openWorld(database)
  const { cloud } = world
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 40_000)
  const lower = await charger.receipt(session.id, session.offer, 3_000, 20_000)
  const bring = async (receipt: TestSession['receipt']) =>
    expectOk(await receiveReport(cloud, phone.report([{ ...session, receipt }])), 'report')
  await bring(session.receipt)
  await bring(lower.bytes)
  const { tenant } = cloud.config
  const [found] = await inTenant(cloud.db, tenant, (tx) => openCasesOf(tx, tenant))
  return { ...world, session, bring, caseId: found!.caseId }
}

async function decided() {
  const world = await disputedSession()
  const act = { caseId: world.caseId, author: 'anna', reason: 'driver-right' } as const
  expectOk(await reviewCase(world.cloud, 'take-up', act), 'take-up')
  expectOk(await decideCase(world.cloud, { ...act, decision: { kind: 'dismiss' } }), 'dismiss')
  return world
}

const rowsOf = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const count = async (table: 'session_evidence' | 'case_evidence' | 'case_events' | 'ledger_transfers') =>
      (await tx.selectFrom(table).select('tenant').where('tenant', '=', tenant).execute()).length
    return {
      evidence: (await count('session_evidence')) + (await count('case_evidence')),
      events: await count('case_events'),
      transfers: await count('ledger_transfers'),
    }
  })

const forgetAfter = (cloud: Cloud, days: number) =>
  forgetOld(keeper, cloud.config.tenant, cloud.clock.nowS() + days * day)

test('evidence of a decided session is kept for years, then goes; money and history stay', async () => {
  const { cloud } = await decided()
  const before = await rowsOf(cloud)
  expect(await forgetAfter(cloud, retentionDays.evidence - 1)).toMatchObject({
    sessions: 0,
    caseEvidencePieces: 0,
  })
  expect(await rowsOf(cloud)).toEqual(before)
  expect(await forgetAfter(cloud, retentionDays.evidence + 1)).toMatchObject({ sessions: 1, isDone: true })
  expect(await rowsOf(cloud)).toEqual({ ...before, evidence: 0 })
  expect(await forgetAfter(cloud, retentionDays.evidence + 1)).toMatchObject({ sessions: 0 })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a case that nobody has decided keeps its evidence, however old', async () => {
  const { cloud } = await disputedSession()
  const before = await rowsOf(cloud)
  expect(await forgetAfter(cloud, 3 * retentionDays.evidence)).toMatchObject({ sessions: 0 })
  expect(await rowsOf(cloud)).toEqual(before)
})

test('a receipt that comes after everything was forgotten changes nothing', async () => {
  const { cloud, session, bring } = await decided()
  expect(await forgetAfter(cloud, retentionDays.evidence + 1)).toMatchObject({ sessions: 1 })
  const { transfers, events } = await rowsOf(cloud)
  const reply = await bring(session.receipt)
  expect(reply.sessions[0]).toMatchObject({ state: 'settled', totalMinor: 980 })
  expect(await rowsOf(cloud)).toMatchObject({ transfers, events })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})
