/** Cases in the operator's console: what each may do next, what a decision moves, and that the log tells of it once. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { receiveReport } from '@/lib/cloud/ingest/commands'
import {
  caseEvidenceOf,
  caseOf,
  casesOf,
  decideAs,
  reviewAs,
  type CaseMember,
} from '@/lib/cloud/operator/case-console'
import { auditOf } from '@/lib/cloud/organisations/audit-log'
import { acceptInvitation, inviteMember } from '@/lib/cloud/organisations/commands'
import { inviteOperatorOwner } from '@/lib/cloud/organisations/operator-owner'
import { mayAct, type Role } from '@/lib/cloud/organisations/roles'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, Charger, openAccount, openWorld, Phone, proof, type TestSession } from './world'
import { walletAccount } from '@/lib/cloud/ledger/accounts'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

interface Colleague extends CaseMember {
  readonly organisationId: string
}

async function join(
  cloud: Cloud,
  joinUrl: string,
  name: string,
  role: Role,
): Promise<Omit<Colleague, 'organisationId'>> {
  const accountId = await openAccount(cloud, 0)
  expectOk(await acceptInvitation(cloud, { code: joinUrl.split('#')[1] ?? '', accountId, name }), name)
  return { accountId, may: (act) => mayAct(role, 'operator', act) }
}

/** Two receipts of one session: the lower one is posted, what lies between them waits for somebody. */
async function openCase() {
  const { cloud } = await openWorld(database)
  const invited = expectOk(
    await inviteOperatorOwner(cloud, { name: 'Highland', email: 'a@b.example' }),
    'owner',
  )
  const { organisationId } = invited
  const owner = await join(cloud, invited.joinUrl, 'Rhona', 'owner')
  const order = { organisationId, author: owner.accountId, email: 'm@b.example', role: 'manager' } as const
  const manager = await join(
    cloud,
    expectOk(await inviteMember(cloud, order), 'invited').joinUrl,
    'Ewan',
    'manager',
  )
  const payer = await openAccount(cloud, 10_000)
  const phone = await Phone.withGrant(cloud, payer, 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 40_000)
  const lower = await charger.receipt(session.id, session.offer, 3_000, 20_000)
  const bring = (receipt: TestSession['receipt']) =>
    receiveReport(cloud, phone.report([{ ...session, receipt }]))
  expectOk(await bring(session.receipt), 'first')
  expectOk(await bring(lower.bytes), 'second')
  const { cases } = expectOk(await casesOf(cloud, owner, {}), 'cases')
  return { cloud, organisationId, owner, manager, payer, caseId: cases[0]?.caseId ?? '' }
}

const read = async (cloud: Cloud, member: CaseMember, caseId: string) =>
  expectOk(await caseOf(cloud, member, caseId), 'case')

test('whoever has a case may decide it; a colleague may take it over, and a viewer only looks', async () => {
  const { cloud, owner, manager, caseId } = await openCase()
  expect((await read(cloud, owner, caseId)).steps).toEqual(['take-up'])
  expectOk(await reviewAs(cloud, manager, { caseId, step: 'take-up', reason: 'other' }), 'taken')
  const own = await read(cloud, manager, caseId)
  expect(own.summary).toMatchObject({ isMine: true, takenBy: 'Ewan', state: 'in-review', kind: 'two-finals' })
  expect(own.steps).toEqual(['hand-back', 'ask-for-evidence', 'uphold', 'dismiss'])
  expect((await read(cloud, owner, caseId)).steps).toEqual(['take-over'])
  const viewer = {
    accountId: owner.accountId,
    may: (act: Parameters<CaseMember['may']>[0]) => mayAct('viewer', 'operator', act),
  }
  expect((await read(cloud, viewer, caseId)).steps).toEqual([])
  const late = { caseId, decision: { kind: 'uphold' }, reason: 'charger-right' } as const
  expect(await decideAs(cloud, owner, late)).toMatchObject({ error: { code: 'case.taken' } })
  const program = { ...owner, accountId: 'api-key:0123' }
  expect(await decideAs(cloud, program, late)).toMatchObject({ error: { code: 'organisation.role' } })
})

test('a verdict and a remedy move what they say, and the log tells of each once with who it was', async () => {
  const { cloud, organisationId, owner, payer, caseId } = await openCase()
  expectOk(await reviewAs(cloud, owner, { caseId, step: 'take-up', reason: 'other' }), 'taken')
  const before = await balanceMinor(cloud, walletAccount(payer))
  const gift = { caseId, decision: { kind: 'goodwill', amountMinor: 250 }, reason: 'courtesy' } as const
  expectOk(await decideAs(cloud, owner, gift), 'goodwill')
  expect(expectOk(await decideAs(cloud, owner, gift), 'again').isRepeat).toBe(true)
  expect(await balanceMinor(cloud, walletAccount(payer))).toBe(before + 250)
  const verdict = {
    caseId,
    decision: { kind: 'dismiss' },
    reason: 'driver-right',
    note: 'Two receipts.',
  } as const
  expectOk(await decideAs(cloud, owner, verdict), 'dismissed')
  const after = await read(cloud, owner, caseId)
  expect(after).toMatchObject({ summary: { state: 'decided', verdict: 'dismiss' }, steps: [] })
  expect(after.history.at(-1)).toMatchObject({ author: 'Rhona', note: 'Two receipts.' })
  const { pieces } = expectOk(await caseEvidenceOf(cloud, caseId), 'evidence')
  expect(pieces.map(({ hash }) => hash).sort()).toEqual(after.evidence.map(({ hash }) => hash).sort())
  expect(pieces.length).toBeGreaterThan(2)
  const lines = expectOk(await auditOf(cloud, organisationId), 'log').lines
  const acts = lines.filter(({ subject }) => subject === caseId).map(({ action }) => action)
  expect(acts.sort()).toEqual(['case.dismiss', 'case.goodwill', 'case.take-up'])
  expect((await proof(cloud)).isProved).toBe(true)
})

test('the list shows what nobody decided, or what was asked for', async () => {
  const { cloud, owner, caseId } = await openCase()
  const list = async (question: Parameters<typeof casesOf>[2]) =>
    expectOk(await casesOf(cloud, owner, question), 'list')
  expect(await list({})).toMatchObject({ cases: [{ caseId, isMine: false }], undecided: 1, next: null })
  expect((await list({ state: 'decided' })).cases).toEqual([])
  expect((await list({ kind: 'gap' })).cases).toEqual([])
  expect(await caseOf(cloud, owner, 'f'.repeat(32))).toMatchObject({ error: { code: 'case.unknown' } })
})
