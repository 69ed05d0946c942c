/** A driver's complaint from the phone's report to what people made of it, and back. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { decideCase, disputeSession, reviewCase } from '@/lib/cloud/cases/commands'
import { caseDetails, openCasesOf } from '@/lib/cloud/cases/queries'
import { newsOfOwner } from '@/lib/cloud/cases/session-news'
import { answerReport } from '@/lib/cloud/device-replies'
import { inTenant } from '@/lib/cloud/database/connection'
import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, openAccount, openWorld, Phone, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function complained() {
  const { cloud } = await openWorld(database)
  const { tenant } = cloud.config
  const accountId = await openAccount(cloud, 10_000)
  const phone = await Phone.withGrant(cloud, accountId, 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 20_000)
  const said = {
    sessionId: session.id,
    reason: 'stopped-early',
    note: 'It never locked.',
    recomputedMinor: 980,
  }
  const { chains } = phone.report() as { chains: object[] }
  const report = { chains: chains.map((chain) => ({ ...chain, disputes: [said] })) }
  const tell = async () => expectOk(await answerReport(cloud, report), 'report')
  const news = () => inTenant(cloud.db, tenant, (tx) => newsOfOwner(tx, tenant, walletAccount(accountId)))
  const cases = () => inTenant(cloud.db, tenant, (tx) => openCasesOf(tx, tenant))
  const details = async (caseId: string) =>
    (await inTenant(cloud.db, tenant, (tx) => caseDetails(tx, tenant, caseId)))!
  return { cloud, accountId, session, report, tell, news, cases, details }
}

test('a complaint opens one case with the driver’s words, the phone’s reckoning and all evidence', async () => {
  const { tell, cases, details, session } = await complained()
  const { news } = await tell()
  await tell()
  const [found, ...others] = await cases()
  expect(others).toEqual([])
  const { facts, history, evidence } = await details(found!.caseId)
  expect(facts).toEqual({ reason: 'stopped-early', recomputedMinor: 980 })
  expect(history).toMatchObject([{ step: 'opened', note: 'It never locked.' }])
  expect(new Set(evidence.map(({ label }) => label))).toEqual(
    new Set(['authorization', 'grant', 'answer', 'receipt', 'offer', 'certificate']),
  )
  expect(news).toMatchObject([
    { sessionId: session.id, case: { state: 'open' }, refunds: [], costMinor: 980, byCharger: false },
  ])
})

test('complaining by the account as well is the same case', async () => {
  const { cloud, accountId, session, tell, cases } = await complained()
  await tell()
  const [found] = await cases()
  const owner = walletAccount(accountId)
  const again = await disputeSession(cloud, { sessionId: session.id, owner, reason: 'other', note: 'Hello?' })
  expect(expectOk(again, 'dispute').caseId).toBe(found!.caseId)
})

test('the phone hears the decision with what was given back, and the books stay balanced', async () => {
  const { cloud, tell, news, cases, session } = await complained()
  await tell()
  const [found] = await cases()
  const act = { caseId: found!.caseId, author: 'anna', reason: 'driver-right' } as const
  expectOk(await reviewCase(cloud, 'take-up', act), 'taken up')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'refund', amountMinor: 200 } }), 'refund')
  expect((await tell()).news).toMatchObject([
    { case: { state: 'in-review' }, refunds: [{ amountMinor: 200 }] },
  ])
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'dismiss' } }), 'decided')
  const told = {
    sessionId: session.id,
    case: { state: 'decided' },
    refunds: [{ amountMinor: 200 }],
    costMinor: 780,
  }
  const reply = await tell()
  expect(reply.news).toMatchObject([told])
  expect(reply.sessions).toMatchObject([{ state: 'settled' }])
  expect(await news()).toMatchObject([told])
  expect(await proof(cloud)).toMatchObject({ imbalanceMinor: 0 })
})

test('nobody else hears of it, and words beyond the bound are not kept', async () => {
  const { cloud, report, cases, details } = await complained()
  const long = {
    chains: report.chains.map((chain) => ({
      ...chain,
      disputes: chain.disputes.map((said) => ({ ...said, note: 'x'.repeat(5_000) })),
    })),
  }
  expectOk(await answerReport(cloud, long), 'report')
  const [found] = await cases()
  expect((await details(found!.caseId)).history[0]?.note).toBeNull()
  const { tenant } = cloud.config
  const stranger = walletAccount('f'.repeat(32))
  expect(await inTenant(cloud.db, tenant, (tx) => newsOfOwner(tx, tenant, stranger))).toEqual([])
})
