import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import {
  decideCase,
  disputeSession,
  openCases,
  reviewCase,
  type CaseDecision,
} from '@/lib/cloud/cases/commands'
import { caseDetails, listCases, openCasesOf } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport, releaseDueReserves } from '@/lib/cloud/ingest/commands'
import {
  goodwillAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
  writeOffAccount,
} from '@/lib/cloud/ledger/accounts'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import {
  availableMinor,
  balanceMinor,
  Charger,
  openAccount,
  openWorld,
  Phone,
  proof,
  type TestSession,
} from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const act = { author: 'anna', reason: 'charger-right' } as const
const open = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => openCasesOf(tx, cloud.config.tenant))
const details = async (cloud: Cloud, caseId: string) =>
  (await inTenant(cloud.db, cloud.config.tenant, (tx) => caseDetails(tx, cloud.config.tenant, caseId)))!

/** Two receipts of one session: 9.80 is posted, the 9.80 above it wait for people. */
async function twoReceipts() {
  const world = await openWorld(database)
  const { cloud } = world
  const accountId = await openAccount(cloud, 10_000)
  const phone = await Phone.withGrant(cloud, accountId, 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 40_000)
  const lower = await charger.receipt(session.id, session.offer, 3_000, 20_000)
  const report = (receipt: TestSession['receipt']) => phone.report([{ ...session, receipt }])
  const bring = async (receipt: TestSession['receipt']) =>
    expectOk(await receiveReport(cloud, report(receipt)), 'report')
  await bring(session.receipt)
  await bring(lower.bytes)
  const [found] = await open(cloud)
  return { ...world, accountId, phone, charger, session, lower, bring, caseId: found!.caseId }
}

async function takenUp() {
  const world = await twoReceipts()
  expectOk(await reviewCase(world.cloud, 'take-up', { ...act, caseId: world.caseId }), 'take-up')
  return world
}

const decide = (cloud: Cloud, caseId: string, decision: CaseDecision, author = 'anna') =>
  decideCase(cloud, { caseId, author, reason: 'charger-right', decision })

const books = async (cloud: Cloud, phone: Phone) => ({
  reserve: await balanceMinor(cloud, reserveAccount(phone.serial)),
  available: await availableMinor(cloud, reserveAccount(phone.serial)),
  revenue: await balanceMinor(cloud, revenueAccount),
  tax: await balanceMinor(cloud, taxAccount),
  isProved: (await proof(cloud)).isProved,
})

test('an upheld claim posts what was pending, and the same evidence again changes nothing', async () => {
  const { cloud, phone, session, lower, bring, caseId } = await takenUp()
  const decided = expectOk(await decide(cloud, caseId, { kind: 'uphold' }), 'uphold')
  expect(decided).toMatchObject({ state: 'decided', isRepeat: false })
  const expected = { reserve: 2_040, available: 2_040, revenue: 1_647, tax: 313, isProved: true }
  expect(await books(cloud, phone)).toEqual(expected)
  const again = await bring(session.receipt)
  await bring(lower.bytes)
  expect(await books(cloud, phone)).toEqual(expected)
  expect(again.sessions[0]).toMatchObject({ state: 'settled', totalMinor: 1_960 })
  expect(await open(cloud)).toEqual([])
})

test('a dismissed claim gives its credit free, and the same evidence again changes nothing', async () => {
  const { cloud, phone, session, bring, caseId } = await takenUp()
  expectOk(await decide(cloud, caseId, { kind: 'dismiss' }), 'dismiss')
  const expected = { reserve: 3_020, available: 3_020, revenue: 824, tax: 156, isProved: true }
  expect(await books(cloud, phone)).toEqual(expected)
  await bring(session.receipt)
  expect(await books(cloud, phone)).toEqual(expected)
})

test('evidence after a verdict opens a case that follows it, about what is new alone', async () => {
  const { cloud, phone, charger, session, bring, caseId } = await takenUp()
  expectOk(await decide(cloud, caseId, { kind: 'uphold' }), 'uphold')
  const third = await charger.receipt(session.id, session.offer, 3_000, 10_000)
  await bring(third.bytes)
  const [followed] = await open(cloud)
  expect(followed).toMatchObject({ kind: 'two-finals', round: 2, state: 'open', disputedMinor: 490 })
  expect(followed!.caseId).not.toBe(caseId)
  // 4.90 stand, 4.90 are in doubt again, 9.80 were upheld.
  expect(await books(cloud, phone)).toMatchObject({ reserve: 2_530, available: 2_040, isProved: true })
  const first = await details(cloud, caseId)
  expect(first.summary).toMatchObject({ state: 'decided', verdict: 'uphold' })
  expectOk(await reviewCase(cloud, 'take-up', { ...act, caseId: followed!.caseId }), 'take-up')
  expectOk(await decide(cloud, followed!.caseId, { kind: 'dismiss' }), 'dismiss')
  expect(await books(cloud, phone)).toMatchObject({ reserve: 2_530, available: 2_530, isProved: true })
})

test('what a dismissed claim held back after the grant’s end goes to the owner', async () => {
  const { cloud, pass, accountId, phone, caseId } = await twoReceipts()
  pass(40 * 86_400)
  expect(await releaseDueReserves(cloud)).toBe(1)
  const owner = walletAccount(accountId)
  expect([await balanceMinor(cloud, owner), await balanceMinor(cloud, reserveAccount(phone.serial))]).toEqual(
    [8_040, 980],
  )
  expectOk(await reviewCase(cloud, 'take-up', { ...act, caseId }), 'take-up')
  expectOk(await decide(cloud, caseId, { kind: 'dismiss' }), 'dismiss')
  expect([await balanceMinor(cloud, owner), await balanceMinor(cloud, reserveAccount(phone.serial))]).toEqual(
    [9_020, 0],
  )
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('refunds of a session, over all its cases, give back at most what was posted', async () => {
  const { cloud, accountId, session, caseId } = await takenUp()
  const owner = walletAccount(accountId)
  expectOk(await decide(cloud, caseId, { kind: 'refund', amountMinor: 600 }), 'refund')
  expect(await decide(cloud, caseId, { kind: 'refund', amountMinor: 600 })).toMatchObject({
    value: { isRepeat: true, transfers: [] },
  })
  expect(await decide(cloud, caseId, { kind: 'refund', amountMinor: 100 })).toMatchObject({
    error: { code: 'case.repeated' },
  })
  const disputed = await disputeSession(cloud, { sessionId: session.id, owner, reason: 'no-energy' })
  const second = expectOk(disputed, 'dispute').caseId
  expectOk(await reviewCase(cloud, 'take-up', { ...act, caseId: second }), 'take-up')
  expect(await decide(cloud, second, { kind: 'refund', amountMinor: 381 })).toEqual({
    ok: false,
    error: { code: 'case.amount', facts: { mostMinor: 380 } },
  })
  expectOk(await decide(cloud, second, { kind: 'refund', amountMinor: 380 }), 'rest')
  expect(await balanceMinor(cloud, owner)).toBe(6_980)
  expect([await balanceMinor(cloud, revenueAccount), await balanceMinor(cloud, taxAccount)]).toEqual([0, 0])
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a lower receipt after a refund gives back only what the refund had not', async () => {
  const { cloud, accountId, phone, charger, session, bring, caseId } = await takenUp()
  expectOk(await decide(cloud, caseId, { kind: 'refund', amountMinor: 300 }), 'refund')
  const third = await charger.receipt(session.id, session.offer, 3_000, 10_000)
  await bring(third.bytes)
  expect(await balanceMinor(cloud, walletAccount(accountId))).toBe(6_300)
  expect(await balanceMinor(cloud, reserveAccount(phone.serial))).toBe(4_000 - 980 + 190)
  const income = (await balanceMinor(cloud, revenueAccount)) + (await balanceMinor(cloud, taxAccount))
  expect(income).toBe(490)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('goodwill comes from an account of its own, and an uncollectable debt is written off', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 3_000)
  const phone = await Phone.withGrant(cloud, accountId, 3_000)
  const clone = phone.clone()
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 60_000)
  await charger.charge(clone, 3_000, 60_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const owner = walletAccount(accountId)
  const { caseId } = (await open(cloud)).find(({ kind }) => kind === 'beyond-reserve')!
  expectOk(await reviewCase(cloud, 'take-up', { ...act, caseId }), 'take-up')
  expectOk(await decide(cloud, caseId, { kind: 'goodwill', amountMinor: 880 }), 'goodwill')
  expect(await decide(cloud, caseId, { kind: 'write-off', amountMinor: 2_001 })).toMatchObject({
    error: { code: 'case.amount', facts: { mostMinor: 2_000 } },
  })
  expectOk(await decide(cloud, caseId, { kind: 'write-off', amountMinor: 2_000 }), 'write-off')
  expectOk(await decide(cloud, caseId, { kind: 'uphold' }), 'uphold')
  expect({
    owner: await balanceMinor(cloud, owner),
    owed: await balanceMinor(cloud, receivableAccount(owner)),
    goodwill: await balanceMinor(cloud, goodwillAccount),
    writtenOff: await balanceMinor(cloud, writeOffAccount),
    isProved: (await proof(cloud)).isProved,
  }).toEqual({ owner: 0, owed: 0, goodwill: -880, writtenOff: -2_000, isProved: true })
})

test('of two people who decide at once one wins, and the other is told why', async () => {
  const { cloud, phone, caseId } = await takenUp()
  const other = { ...cloud, db: database.openAnother() }
  const both = await Promise.all([
    decide(cloud, caseId, { kind: 'uphold' }),
    decide(other, caseId, { kind: 'dismiss' }),
  ])
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  expect(both.filter(({ ok }) => !ok)).toEqual([{ ok: false, error: { code: 'case.decided' } }])
  expect((await books(cloud, phone)).isProved).toBe(true)
  const history = (await details(cloud, caseId)).history.map(({ step }) => step)
  expect(history.filter((step) => step === 'uphold' || step === 'dismiss')).toHaveLength(1)
})

test('of two people who take a case up at once one has it; the other can take it over, and then decides', async () => {
  const { cloud, caseId } = await twoReceipts()
  const other = { ...cloud, db: database.openAnother() }
  const both = await Promise.all([
    reviewCase(cloud, 'take-up', { ...act, caseId }),
    reviewCase(other, 'take-up', { ...act, caseId, author: 'ben' }),
  ])
  expect(both.filter(({ ok }) => !ok)).toEqual([{ ok: false, error: { code: 'case.taken' } }])
  const [loser, winner] = both[0]!.ok ? ['ben', 'anna'] : ['anna', 'ben']
  expect(await decide(cloud, caseId, { kind: 'uphold' }, loser)).toMatchObject({
    error: { code: 'case.taken' },
  })
  expectOk(await reviewCase(cloud, 'take-over', { ...act, caseId, author: loser }), 'take-over')
  expect(await decide(cloud, caseId, { kind: 'uphold' }, winner)).toMatchObject({
    error: { code: 'case.taken' },
  })
  expectOk(await decide(cloud, caseId, { kind: 'uphold' }, loser), 'uphold')
  expect(await decide(cloud, caseId, { kind: 'uphold' }, winner)).toMatchObject({
    error: { code: 'case.decided' },
  })
})

test('the same decision sent many times at once is carried out once', async () => {
  const { cloud, phone, caseId } = await takenUp()
  const many = await Promise.all(Array.from({ length: 6 }, () => decide(cloud, caseId, { kind: 'uphold' })))
  expect(many.map((result) => expectOk(result, 'uphold').isRepeat).sort()).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
  ])
  expect(await books(cloud, phone)).toMatchObject({ reserve: 2_040, isProved: true })
})

test('a decision and evidence that arrive at once from all sides wait for each other, never in a circle', async () => {
  const { cloud, phone, charger, session, lower, bring, accountId, caseId } = await takenUp()
  const third = await charger.receipt(session.id, session.offer, 3_000, 10_000)
  const next = await charger.charge(phone, 500, 5_000)
  const bundle = await charger.bundle()
  const other = { ...cloud, db: database.openAnother() }
  const owner = walletAccount(accountId)
  const [upheld] = await Promise.all([
    decide(other, caseId, { kind: 'uphold' }),
    bring(third.bytes),
    receiveBundle(other, bundle),
    bring(lower.bytes),
    receiveReport(other, phone.report([next])),
    disputeSession(other, { sessionId: session.id, owner, reason: 'other' }),
    decide(cloud, caseId, { kind: 'goodwill', amountMinor: 50 }),
    disputeSession(cloud, { sessionId: next.id, owner, reason: 'other' }),
  ])
  expectOk(upheld, 'uphold')
  // Whatever came first: 4.90 stand for sure, all above was upheld or waits in the case that follows.
  const [{ disputedMinor } = { disputedMinor: 0 }] = (await open(cloud)).filter(
    ({ kind }) => kind === 'two-finals',
  )
  const { reserve, available, isProved } = await books(cloud, phone)
  expect(isProved).toBe(true)
  expect(reserve - available).toBe(disputedMinor)
  expect([0, 490]).toContain(disputedMinor)
})

test('a case that waits for evidence comes back by itself when some arrives, with every step in its history', async () => {
  const { cloud, charger, session, bring, caseId } = await takenUp()
  const asked = { ...act, caseId, reason: 'more-evidence-needed', note: 'Where is the meter log?' } as const
  expectOk(await reviewCase(cloud, 'ask-for-evidence', asked), 'ask')
  expect(await decide(cloud, caseId, { kind: 'uphold' })).toMatchObject({
    error: { code: 'case.step', facts: { state: 'waiting-for-evidence' } },
  })
  const third = await charger.receipt(session.id, session.offer, 3_000, 30_000)
  await bring(third.bytes)
  const { summary, history, evidence } = await details(cloud, caseId)
  expect(summary).toMatchObject({ state: 'in-review', takenBy: 'anna' })
  expect(history.map(({ step, from, to }) => [step, from, to])).toEqual([
    ['opened', null, 'open'],
    ['take-up', 'open', 'in-review'],
    ['ask-for-evidence', 'in-review', 'waiting-for-evidence'],
    ['add-evidence', 'waiting-for-evidence', 'in-review'],
  ])
  expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  expect(history[2]).toMatchObject({ author: 'anna', note: 'Where is the meter log?' })
  expect(evidence.filter(({ label }) => label === 'receipt')).toHaveLength(3)
})

test('a driver disputes a bill once, with the session’s evidence, and nobody else’s bill', async () => {
  const { cloud, accountId, session } = await twoReceipts()
  const request = { sessionId: session.id, owner: walletAccount(accountId), reason: 'wrong-price' } as const
  const { caseId } = expectOk(await disputeSession(cloud, request), 'dispute')
  expect(expectOk(await disputeSession(cloud, request), 'again').caseId).toBe(caseId)
  const { summary, facts, history, evidence } = await details(cloud, caseId)
  expect(summary).toMatchObject({ kind: 'dispute', code: 'case.dispute', state: 'open' })
  expect(facts).toEqual({ reason: 'wrong-price', postedMinor: 980 })
  expect(history).toMatchObject([{ step: 'opened', author: 'owner' }])
  expect(new Set(evidence.map(({ label }) => label))).toEqual(
    new Set(['authorization', 'grant', 'answer', 'receipt', 'offer', 'certificate']),
  )
  const stranger = { ...request, owner: walletAccount(toHex(randomBytes(16))) }
  expect(await disputeSession(cloud, stranger)).toMatchObject({ error: { code: 'api.not-found' } })
})

test('nobody decides without an id of staff, and nobody about a case that is not there', async () => {
  const { cloud, caseId } = await takenUp()
  for (const author of ['', 'Anna Smith', 'x'.repeat(65)]) {
    expect(await decide(cloud, caseId, { kind: 'uphold' }, author)).toMatchObject({
      error: { code: 'api.malformed' },
    })
  }
  expect(await decide(cloud, 'f'.repeat(32), { kind: 'uphold' })).toMatchObject({
    error: { code: 'case.unknown' },
  })
})

test('lists come in pages that miss nothing and repeat nothing, and filters narrow them', async () => {
  const { cloud, pass } = await openWorld(database)
  const { tenant } = cloud.config
  for (let index = 0; index < 25; index += 1) {
    if (index % 3 === 0) pass(60)
    const about = { sessionId: index.toString(16).padStart(32, '0'), chargerId: `KIN-${index % 2}` }
    await inTenant(cloud.db, tenant, (tx) =>
      openCases(tx, tenant, cloud.clock.nowS(), [
        { ...about, kind: index % 5 === 0 ? 'gap' : 'clock-jump', code: 'case.clock', evidence: [] },
      ]),
    )
  }
  const all: string[] = []
  let after: string | undefined
  let pages = 0
  do {
    const cursor: { size: number; after?: string } = { size: 7, ...(after === undefined ? {} : { after }) }
    const page = await inTenant(cloud.db, tenant, (tx) => listCases(tx, tenant, {}, cursor))
    all.push(...page.cases.map(({ caseId }) => caseId))
    after = page.next ?? undefined
    pages += 1
  } while (after !== undefined)
  expect(pages).toBe(4)
  expect(new Set(all).size).toBe(25)
  expect(all).toHaveLength(25)
  const count = async (filter: Parameters<typeof listCases>[2]) =>
    (await inTenant(cloud.db, tenant, (tx) => listCases(tx, tenant, filter, { size: 200 }))).cases.length
  expect(await count({ kinds: ['gap'] })).toBe(5)
  expect(await count({ chargerId: 'KIN-1' })).toBe(12)
  expect(await count({ kinds: ['gap'], chargerId: 'KIN-1' })).toBe(2)
  expect(await count({ states: ['decided'] })).toBe(0)
  expect(await count({ sessionId: '0'.repeat(32) })).toBe(1)
  expect(await count({ owner: 'wallet:nobody' })).toBe(0)
})
