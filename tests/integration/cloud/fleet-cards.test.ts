import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { answerBundle } from '@/lib/cloud/device-replies'
import type { Cloud } from '@/lib/cloud/context'
import { cardsOf } from '@/lib/cloud/fleet/card-list'
import { issueCard, revokeCard, type IssueCard } from '@/lib/cloud/fleet/cards'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { inTenant } from '@/lib/cloud/database/connection'
import { parseMessage } from '@/lib/protocol/message'
import { localList, type LocalList } from '@/lib/protocol/messages/local-list'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, bytesOf, Charger, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId: author } = demo
const fleet = fleetAccount(fleetId)

async function demoFleet() {
  const world = await openWorld(database)
  await seedDemo(world.cloud)
  const charger = await Charger.enrolled(world.cloud)
  charger.log({ kind: 'boot', timeS: world.cloud.clock.nowS(), clockQuality: 'synchronised', version: 't' })
  return { ...world, charger }
}

const give = (cloud: Cloud, token: string, changes: Partial<IssueCard> = {}) =>
  issueCard(cloud, {
    ...{ fleetId, author, label: 'Van 7', type: 'ISO14443', token, capMinor: 1_500 },
    ...{ sites: ['kinross'], days: 365, idempotencyKey: `key-${token}` },
    ...changes,
  })

/** The list as the charger is sent it; undefined where it is sent none. */
async function listSentTo(
  cloud: Cloud,
  charger: Awaited<ReturnType<typeof demoFleet>>['charger'],
): Promise<readonly LocalList[] | undefined> {
  const { localList: parts } = expectOk(await answerBundle(cloud, await charger.bundle()), 'answer')
  return parts?.map((text) => expectOk(parseMessage(localList, bytesOf(text)), 'a list').payload)
}

const tokensOf = (parts: readonly LocalList[] | undefined): readonly string[] =>
  (parts ?? []).flatMap(({ entries }) => entries.map(({ token }) => token))

const newsOf = async (cloud: Cloud) =>
  expectOk(await cardsOf(cloud, fleetId), 'cards').map(({ news }) => news)

test('a card sets its cap aside once, and its site’s charger learns its number', async () => {
  const { cloud, charger } = await demoFleet()
  const before = await balanceMinor(cloud, fleet)
  expect(await listSentTo(cloud, charger)).toBeUndefined()
  const { cardId } = expectOk(await give(cloud, '04A2B3C4D5E680'), 'card')
  expect(expectOk(await give(cloud, '04A2B3C4D5E680'), 'again').cardId).toBe(cardId)
  expect(await balanceMinor(cloud, fleet)).toBe(before - 1_500)
  expect(await listSentTo(cloud, charger)).toMatchObject([
    { version: 1, site: 'kinross', part: 0, parts: 1, entries: [{ token: '04A2B3C4D5E680' }] },
  ])
  expect(expectOk(await cardsOf(cloud, fleetId), 'cards')).toMatchObject([
    { cardId, tokenEnd: 'E680', state: 'live', leftMinor: 1_500 },
  ])
  expect(JSON.stringify(await cardsOf(cloud, fleetId))).not.toContain('04A2B3C4D5E680')
})

test('is sent until the charger’s log says that it holds it, and again when it says something new', async () => {
  const { cloud, charger, pass } = await demoFleet()
  expectOk(await give(cloud, '04A2B3C4D5E681'), 'card')
  expect(tokensOf(await listSentTo(cloud, charger))).toHaveLength(1)
  expect(tokensOf(await listSentTo(cloud, charger))).toHaveLength(1)
  charger.log({ kind: 'list-adopted', timeS: cloud.clock.nowS(), version: 1, cards: 1 })
  expect(await listSentTo(cloud, charger)).toBeUndefined()
  expect(await newsOf(cloud)).toEqual([{ chargers: 1, heard: 1 }])
  pass(60)
  expectOk(await give(cloud, '04A2B3C4D5E682'), 'second')
  expect(await newsOf(cloud)).toEqual([
    { chargers: 1, heard: 0 },
    { chargers: 1, heard: 1 },
  ])
  expect(await listSentTo(cloud, charger)).toMatchObject([{ version: 2 }])
})

test('a withdrawn card is revoked at once and leaves the list', async () => {
  const { cloud, charger } = await demoFleet()
  const { cardId } = expectOk(await give(cloud, '04A2B3C4D5E683'), 'card')
  expectOk(await give(cloud, '04A2B3C4D5E684'), 'other')
  expect(expectOk(await revokeCard(cloud, { fleetId, cardId, author }), 'revoked').revocationEpoch).toBe(1)
  expect(
    expectOk(await cardsOf(cloud, fleetId), 'cards').find((card) => card.cardId === cardId),
  ).toMatchObject({
    ...{ state: 'revoked', leftMinor: 1_500, news: { chargers: 1, heard: 0 } },
    returnsAtS: cloud.clock.nowS() + 21 * 86_400,
  })
  expect(tokensOf(await listSentTo(cloud, charger))).toEqual(['04A2B3C4D5E684'])
  // The same number may be given out afresh.
  expectOk(await give(cloud, '04A2B3C4D5E683', { idempotencyKey: 'key-again' }), 'again')
})

test('nobody gets a card twice, for another site, beyond the credit, or with what is no number', async () => {
  const { cloud } = await demoFleet()
  const refusedOf = async (token: string, changes: Partial<IssueCard> = {}) => {
    const given = await give(cloud, token, { idempotencyKey: `other-${token}`, ...changes })
    return given.ok ? 'given' : given.error.code
  }
  expect(await refusedOf('04-A2-B3-C4')).toBe('given')
  expect(await refusedOf('04a2b3c4', { idempotencyKey: 'another-key' })).toBe('card.taken')
  expect(await refusedOf('04B2B3C4', { sites: ['nowhere'] })).toBe('voucher.site')
  expect(await refusedOf('04B2B3C4', { capMinor: 1_501 })).toBe('account.amount')
  expect(await refusedOf('no number')).toBe('card.token')
  const taken = await cardsOf(cloud, 'another-fleet')
  expect(expectOk(taken, 'cards')).toEqual([])
})

test('what a card spends is the fleet’s, from what was set aside, and no cent more', async () => {
  const { cloud, charger } = await demoFleet()
  expectOk(await give(cloud, '04A2B3C4D5E685'), 'card')
  const [part] = (await listSentTo(cloud, charger)) ?? []
  const voucher = part?.entries[0]?.voucher ?? new Uint8Array()
  await charger.sell(Uint8Array.from(voucher), 1_500, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(expectOk(await cardsOf(cloud, fleetId), 'cards')).toMatchObject([{ leftMinor: 1_500 - 980 }])
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a charger that delivered more than a card could pay is a case', async () => {
  const { cloud, charger } = await demoFleet()
  const { timeS, what, detail } = { timeS: cloud.clock.nowS(), what: 'card.over-credit', detail: '1 Wh' }
  charger.log({ kind: 'incident', timeS, what, detail })
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const { tenant } = cloud.config
  const cases = await inTenant(cloud.db, tenant, (tx) =>
    tx.selectFrom('cases').select(['kind', 'code']).where('tenant', '=', tenant).execute(),
  )
  expect(cases).toEqual([{ kind: 'card-over-credit', code: 'voucher.spent' }])
})

test('five hundred cards make one list of many parts, each small enough for every road', async () => {
  const { cloud, charger } = await demoFleet()
  const { tenant, currency } = cloud.config
  const { cardId } = expectOk(await give(cloud, '04AA000000'), 'the first')
  await inTenant(cloud.db, tenant, async (tx) => {
    const voucher = await tx
      .selectFrom('vouchers')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('serial', '=', cardId)
      .executeTakeFirstOrThrow()
    const card = await tx
      .selectFrom('fleet_cards')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('serial', '=', cardId)
      .executeTakeFirstOrThrow()
    const numbers = Array.from({ length: 499 }, (_, index) => index + 1)
    const serialOf = (number: number) => `ca4d${number.toString(16).padStart(12, '0')}`
    await tx
      .insertInto('vouchers')
      .values(
        numbers.map((number) => ({
          ...{
            ...voucher,
            serial: serialOf(number),
            batch: `bulk ${number}`,
            hash: serialOf(number),
            currency,
          },
        })),
      )
      .execute()
    await tx
      .insertInto('fleet_cards')
      .values(
        numbers.map((number) => {
          const token = `04AA${number.toString().padStart(6, '0')}`
          const names = { idempotency_key: `bulk-${number}`, token, token_key: token }
          return { ...card, ...names, serial: serialOf(number) }
        }),
      )
      .execute()
  })
  const parts = await listSentTo(cloud, charger)
  expect(tokensOf(parts)).toHaveLength(500)
  expect(parts?.length).toBeLessThanOrEqual(64)
  expect(new Set(parts?.map(({ version }) => version)).size).toBe(1)
  expect(minorUnits(parts?.[0]?.parts ?? 0)).toBe(parts?.length)
})
