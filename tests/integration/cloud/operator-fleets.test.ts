/** What the operator's people see and do over all fleets: by the routes, so with the veil lifted at the one place that does. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { minorUnits } from '@/lib/core/units'
import { expectOk } from '@/lib/core/result'
import { keepSignIn } from '@/lib/cloud/accounts/sign-ins'
import { referenceOf } from '@/lib/cloud/credit/bank-reference'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant, transact } from '@/lib/cloud/database/connection'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import { freshSerial, reserveCredit } from '@/lib/cloud/issuance/grant-books'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import type { listFleets } from '@/lib/cloud/operations/operator-fleets'
import type { importBankStatement, listBankRows } from '@/lib/cloud/operations/operator-payments'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import { auditOf } from '@/lib/cloud/organisations/audit-log'
import { foundOrganisation } from '@/lib/cloud/organisations/commands'
import type { OrganisationKind } from '@/lib/cloud/organisations/roles'
import { callRoute, openRunningCloud, origin, type Call, type Running } from './console-browser'
import { openAccount, proof } from './world'

let running: Running
let cloud: Cloud
let operator: Member
let glen: Member
let loch: Member

interface Member {
  readonly organisationId: string
  readonly cookie: string
}

beforeAll(async () => {
  running = await openRunningCloud()
  cloud = running.cloud
  operator = await found('Highland Charging', 'operator')
  glen = await found('Glen Haulage')
  loch = await found('Loch Couriers')
})
afterAll(() => running.close())

async function found(name: string, kind: OrganisationKind = 'fleet'): Promise<Member> {
  const accountId = await openAccount(cloud, 0)
  const founder = { accountId, name: `Owner of ${name}`, email: `owner@${kind}.example` }
  const { organisationId } = expectOk(await foundOrganisation(cloud, { founder, name, kind }), name)
  const { token } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    keepSignIn(cloud, tx, accountId, null),
  )
  return { organisationId, cookie: `outpost_session=${token}` }
}

async function asked<T>(
  member: Member,
  path: string,
  call: Call = {},
): Promise<T & { error?: { code: string } }> {
  const headers = { cookie: member.cookie, origin }
  return (await (await callRoute(path, { ...call, headers })).json()) as T & { error?: { code: string } }
}

type Fleets = AnswerOf<typeof listFleets>
const fleets = (query = '') => asked<Fleets>(operator, '/operator/fleets', { method: 'GET', query })
const named = async (name: string) => (await fleets()).fleets.find((fleet) => fleet.name === name)

const aside = ({ organisationId }: Member, amountMinor: number) =>
  transact(cloud.db, cloud.config.tenant, async (tx) =>
    reserveCredit(cloud, tx, {
      serial: await freshSerial(cloud, tx),
      owner: fleetAccount(organisationId),
      capMinor: minorUnits(amountMinor),
      releaseAfterS: cloud.clock.nowS() + 86_400,
      author: 'test',
    }),
  )

const params = () => ({ fleetId: glen.organisationId })
const lineOf = (limitMinor: number) =>
  asked(operator, '/operator/fleets/{fleetId}/credit-line', { params: params(), body: { limitMinor } })
const log = async ({ organisationId }: Member) =>
  expectOk(await withinOrganisation(organisationId, () => auditOf(cloud, organisationId)), 'log').lines

test('the operator sees every fleet with its money, a fleet none of it, and a query without the lift nothing', async () => {
  expect(await lineOf(5_000)).toEqual({ limitMinor: 5_000 })
  expectOk(await aside(glen, 3_000), 'set aside')
  const page = await fleets()
  expect(page.fleets.map(({ name }) => name)).toEqual(['Glen Haulage', 'Loch Couriers'])
  expect(page.fleets[0]).toMatchObject({
    ...{ freeMinor: 2_000, limitMinor: 5_000, drawnMinor: 3_000, owedMinor: 0, heldMinor: 0 },
  })
  expect(page.totals).toMatchObject({ fleets: 2, frozen: 0, drawnMinor: 3_000, owedMinor: 0 })
  expect((await fleets('?state=indebted')).fleets.map(({ name }) => name)).toEqual(['Glen Haulage'])
  expect((await fleets('?state=risk')).fleets).toEqual([])
  expect((await fleets('?search=LOCH')).fleets.map(({ name }) => name)).toEqual(['Loch Couriers'])
  expect((await fleets(`?search=${page.fleets[0]?.fleetNumber}`)).fleets).toMatchObject([
    { name: 'Glen Haulage' },
  ])
  expect((await fleets('?after=rubbish')).error?.code).toBe('api.malformed')
  for (const member of [glen, loch])
    expect((await asked(member, '/operator/fleets', { method: 'GET' })).error?.code).toBe('organisation.role')
  const seen = await withinOrganisation(operator.organisationId, () =>
    inTenant(cloud.db, cloud.config.tenant, (tx) => tx.selectFrom('fleets').select('name').execute()),
  )
  expect(seen).toEqual([])
})

test('what is done to a fleet stands in the operator’s log with who it was, in the fleet’s with the operator’s name', async () => {
  const own = (await log(operator)).find(({ action }) => action === 'credit.line')
  expect(own).toMatchObject({
    ...{ action: 'credit.line', author: 'Owner of Highland Charging', subjectName: 'Glen Haulage' },
  })
  const theirs = (await log(glen)).find(({ action }) => action === 'credit.line')
  expect(theirs).toMatchObject({ action: 'credit.line', author: 'Highland Charging', subject: '5000' })
  expect(theirs?.authorId).toBe(operator.organisationId)
  expect((await log(loch)).map(({ action }) => action)).toEqual(['organisation.found'])
})

test('a frozen fleet sets nothing more aside, is told why, and goes on when it is thawed', async () => {
  const freeze = (because: string) =>
    asked<{ frozenAtS: number }>(operator, '/operator/fleets/{fleetId}/freeze', {
      params: params(),
      body: { because },
    })
  const thaw = () => asked(operator, '/operator/fleets/{fleetId}/thaw', { params: params() })
  const { frozenAtS } = await freeze('An invoice is not paid.')
  expect(frozenAtS).toBeGreaterThan(0)
  expect(await freeze('Another reason.')).toEqual({ frozenAtS })
  expect(await aside(glen, 1)).toMatchObject({ error: { code: 'organisation.frozen' } })
  expect(await asked(glen, '/fleet/credit', { method: 'GET' })).toMatchObject({
    frozen: { atS: frozenAtS, because: 'An invoice is not paid.' },
  })
  expect((await fleets('?state=frozen')).fleets).toMatchObject([
    { name: 'Glen Haulage', frozenBecause: 'An invoice is not paid.' },
  ])
  expect(await thaw()).toEqual({ frozenAtS: null })
  expect(await thaw()).toEqual({ frozenAtS: null })
  expectOk(await aside(glen, 1), 'after the thaw')
  const acts = (await log(glen)).map(({ action }) => action)
  expect(acts).toEqual(expect.arrayContaining(['credit.freeze', 'credit.thaw']))
  const nobody = { params: { fleetId: 'f'.repeat(32) }, body: { because: 'x' } }
  expect((await asked(operator, '/operator/fleets/{fleetId}/freeze', nobody)).error?.code).toBe(
    'api.not-found',
  )
})

test('whoever sets aside while the fleet is frozen either was first or is refused', async () => {
  const { fleetId } = params()
  const before = (await named('Glen Haulage'))?.freeMinor ?? 0
  const [frozen, ...tries] = await Promise.all([
    asked(operator, '/operator/fleets/{fleetId}/freeze', { params: { fleetId }, body: { because: 'x' } }),
    ...Array.from({ length: 8 }, () => aside(glen, 10)),
  ])
  expect(frozen.error).toBeUndefined()
  const taken = tries.filter(({ ok }) => ok).length
  expect((await named('Glen Haulage'))?.freeMinor).toBe(before - taken * 10)
  for (const tried of tries) if (!tried.ok) expect(tried.error.code).toBe('organisation.frozen')
  expect(await aside(glen, 10)).toMatchObject({ ok: false })
  await asked(operator, '/operator/fleets/{fleetId}/thaw', { params: { fleetId } })
})

test('a statement raises the fleet’s credit; what waits is assigned, put aside and taken up again', async () => {
  const number = (await named('Loch Couriers'))?.fleetNumber ?? 0
  const csv = [
    'Booking date;Amount;Currency;Remittance information;Counterparty',
    `2026-09-01;12,50;EUR;${referenceOf(number)};Loch Couriers Ltd`,
    '2026-09-02;3,00;EUR;Thanks;Somebody',
    '2026-09-03;4,00;EUR;Rent;Somebody else',
  ].join('\r\n')
  const brought = await asked<AnswerOf<typeof importBankStatement>>(operator, '/operator/bank-statements', {
    body: { csv },
  })
  expect(brought).toMatchObject({ posted: 1, open: 2, known: 0, missing: [], refused: [] })
  type Rows = AnswerOf<typeof listBankRows>
  const rows = (state: string) =>
    asked<Rows>(operator, '/operator/bank-rows', { method: 'GET', query: `?state=${state}` })
  expect(await rows('posted')).toMatchObject({
    rows: [{ fleetName: 'Loch Couriers', amountMinor: 1_250, state: 'posted', reason: null }],
    waiting: { count: 2, amountMinor: 700 },
  })
  const keys = new Map((await rows('open')).rows.map(({ text, rowKey }) => [text, rowKey]))
  const decide = (text: string, what: 'assign' | 'reopen', body: unknown = {}) =>
    asked(operator, `/operator/bank-rows/{rowKey}/${what}`, {
      params: { rowKey: keys.get(text) ?? '' },
      body,
    })
  expect(await decide('Thanks', 'assign', { fleetNumber: number })).toEqual({ state: 'posted' })
  expect(await decide('Rent', 'assign', { fleetNumber: null })).toEqual({ state: 'left' })
  expect((await rows('left')).rows).toMatchObject([{ text: 'Rent', reason: 'no-reference' }])
  expect(await decide('Rent', 'reopen')).toEqual({ state: 'open' })
  expect(await decide('Rent', 'reopen')).toEqual({ state: 'open' })
  expect(await decide('Rent', 'assign', { fleetNumber: number })).toEqual({ state: 'posted' })
  expect((await decide('Rent', 'reopen')).error?.code).toBe('api.conflict')
  expect((await named('Loch Couriers'))?.freeMinor).toBe(1_950)
  expect((await rows('open')).waiting).toEqual({ count: 0, amountMinor: 0 })
  expect((await asked(loch, '/operator/bank-rows', { method: 'GET' })).error?.code).toBe('organisation.role')
  expect((await log(operator)).map(({ action }) => action)).toContain('bank.import')
  expect((await proof(cloud)).isProved).toBe(true)
})

test('lists go on where the page before ended, and miss nobody', async () => {
  const rows = Array.from({ length: 55 }, (_, index) => `2026-09-05;1,00;EUR;nobody ${index};P`)
  const csv = ['Booking date;Amount;Currency;Remittance information;Counterparty', ...rows].join('\n')
  await asked(operator, '/operator/bank-statements', { body: { csv } })
  const list = (query: string) =>
    asked<AnswerOf<typeof listBankRows>>(operator, '/operator/bank-rows', { method: 'GET', query })
  const first = await list('')
  const second = await list(`?after=${first.next ?? ''}`)
  expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 5, null])
  expect(new Set([...first.rows, ...second.rows].map(({ rowKey }) => rowKey)).size).toBe(55)
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .insertInto('fleets')
      .values(
        Array.from({ length: 60 }, (_, index) => ({
          ...{ tenant: cloud.config.tenant, fleet_id: `more-${index}`, fleet_number: 1_000 + index },
          ...{ name: `More ${index}`, created_at_s: cloud.clock.nowS() },
        })),
      )
      .execute(),
  )
  const one = await fleets()
  const two = await fleets(`?after=${one.next ?? ''}`)
  expect(new Set([...one.fleets, ...two.fleets].map(({ fleetId }) => fleetId)).size).toBe(62)
  expect([one.fleets.length, two.next]).toEqual([50, null])
})
