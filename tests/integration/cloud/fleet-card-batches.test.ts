/** Printed cards of a fleet from the order to the paper, from the paper to a charger, and back when they are void. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { chargerId, publicKey } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { answerBundle } from '@/lib/cloud/device-replies'
import { receiveBundle, releaseDueReserves } from '@/lib/cloud/ingest/commands'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { registerCharger } from '@/lib/cloud/operator/commands'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { batchesOf, batchOf, batchTerms } from '@/lib/cloud/printed-cards/batch-list'
import { shortSerial } from '@/lib/cloud/printed-cards/card-rule'
import { makeBatch, type BatchOrder } from '@/lib/cloud/printed-cards/make-batch'
import { printSheet } from '@/lib/cloud/printed-cards/print-sheet'
import { voidCards } from '@/lib/cloud/printed-cards/void-cards'
import { voidList } from '@/lib/cloud/printed-cards/void-list'
import { voidTable } from '@/lib/cloud/printed-cards/void-table'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { voucher } from '@/lib/protocol/messages/voucher'
import { drawnCodes, openCodeReader, pdfText, pictureOf } from '../../fixtures/codes-on-paper'
import { KioskWorld } from '../../fixtures/kiosk-world'
import type { TestCharger } from '../../fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, bytesOf, Charger, freshSigner, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId: author } = demo
const fleet = fleetAccount(fleetId)
const dayS = 86_400

async function demoFleet() {
  const world = await openWorld(database)
  await seedDemo(world.cloud)
  const charger = await Charger.enrolled(world.cloud)
  return { ...world, charger }
}

const order = (change: Partial<BatchOrder> = {}): BatchOrder => ({
  ...{ fleetId, author, name: 'Summer guests', count: 3, capMinor: 1_500, sites: ['kinross'], days: 90 },
  idempotencyKey: 'summer-guests',
  ...change,
})

const made = async (cloud: Cloud, change: Partial<BatchOrder> = {}) =>
  expectOk(await makeBatch(cloud, order(change)), 'batch').batchId

const read = async (cloud: Cloud, batchId: string) =>
  expectOk(await batchOf(cloud, fleetId, batchId), 'batch')

/** What a camera reads on the sheet, card by card. */
async function textsOnPaper(cloud: Cloud, batchId: string): Promise<readonly string[]> {
  const sheet = expectOk(await printSheet(cloud, { fleetId, batchId, author, locale: 'en' }), 'sheet')
  const codes = await openCodeReader()
  const texts = []
  for (const drawn of drawnCodes(sheet.bytes)) texts.push(...(await codes(pictureOf(drawn))))
  return texts
}

const voucherIn = (text: string) => {
  const [part] = expectOk(envelopeFromText(text), 'code').parts
  return expectOk(parseMessage(voucher, part ?? new Uint8Array()), 'voucher')
}

test('a batch is set aside once, whole, however often and at once it is asked for', async () => {
  const { cloud } = await demoFleet()
  const before = await balanceMinor(cloud, fleet)
  const [one, other] = await Promise.all([made(cloud), made(cloud)])
  expect(other).toBe(one)
  expect(await balanceMinor(cloud, fleet)).toBe(before - 3 * 1_500)
  const { batch, cards } = await read(cloud, one)
  expect(batch).toMatchObject({
    ...{ name: 'Summer guests', count: 3, worthMinor: 4_500, spentMinor: 0, leftMinor: 4_500, liveCount: 3 },
    sites: [{ siteId: 'kinross', label: 'Kinross Services' }],
  })
  expect(cards.map(({ number, state }) => [number, state])).toEqual(
    [1, 2, 3].map((number) => [number, 'unused']),
  )
  // Another fleet may choose the same key, and sees nothing of this one.
  expect(expectOk(await batchesOf(cloud, 'another-fleet', {}), 'none').batches).toEqual([])
  expect((await batchOf(cloud, 'another-fleet', one)).ok).toBe(false)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('what cannot be paid or is no order makes no card at all', async () => {
  const { cloud } = await demoFleet()
  const before = await balanceMinor(cloud, fleet)
  const refused = async (change: Partial<BatchOrder>) => {
    const answer = await makeBatch(cloud, order({ idempotencyKey: JSON.stringify(change), ...change }))
    return answer.ok ? 'made' : answer.error.code
  }
  expect(await refused({ count: 34 })).toBe('account.insufficient-funds')
  expect(await refused({ capMinor: 1_501 })).toBe('account.amount')
  expect(await refused({ count: 201 })).toBe('account.amount')
  expect(await refused({ sites: ['nowhere'] })).toBe('voucher.site')
  expect(await balanceMinor(cloud, fleet)).toBe(before)
  expect(expectOk(await batchesOf(cloud, fleetId, {}), 'list').batches).toEqual([])
  expect(expectOk(await batchTerms(cloud, fleetId), 'terms')).toMatchObject({
    freeMinor: before,
    capMostMinor: 1_500,
  })
})

test('every code on the paper is its card, and a charger without a network takes it', async () => {
  const { cloud } = await demoFleet()
  const kiosk = await kioskAt(cloud, 'grimsel')
  const batchId = await made(cloud, { count: 12, capMinor: 1_000, sites: ['grimsel'] })
  const { cards } = await read(cloud, batchId)
  const { sites } = expectOk(await batchTerms(cloud, fleetId), 'terms')
  // Kinross has two controllers, which cannot ask each other.
  const taking = sites.filter(({ takesCards }) => takesCards).map(({ siteId }) => siteId)
  expect(taking).toContain('grimsel')
  expect(taking).not.toContain('kinross')
  const texts = await textsOnPaper(cloud, batchId)
  expect(texts.map((text) => voucherIn(text).payload.serial)).toEqual(cards.map(({ cardId }) => cardId))
  await kiosk.charger.plug()
  await kiosk.settle()
  expect((await kiosk.controller.handleScan(1, texts[11] ?? '')).kind).toBe('accepted')
})

/** The only charger of its site, with no network. */
async function kioskAt(cloud: Cloud, siteId: string): Promise<KioskWorld> {
  const id = chargerId('GRI-01')
  const setup = { chargerId: id, siteId, siteLabel: 'Grimsel North', bayLabel: 'A1' }
  const { enrolmentCode: code } = await registerCharger(cloud, setup)
  const signer = freshSigner()
  const asked = { code, chargerId: id, publicKey: signer.publicKey }
  const certificate = expectOk(await enrolCharger(cloud, asked), 'certificate')
  const trust = await currentTrust(cloud)
  const enrolment = {
    root: publicKey(trust.root),
    certificate,
    trustList: bytesOf(trust.trustList),
    revocations: bytesOf(trust.revocations),
    policy: bytesOf(trust.policy),
  }
  return KioskWorld.create({ signer, enrolled: { id, enrolment } })
}

test('a sheet that somebody took is in the log, and holds no card that counts no more', async () => {
  const { cloud } = await demoFleet()
  const batchId = await made(cloud)
  const { cards } = await read(cloud, batchId)
  const [first] = cards
  const cardId = first?.cardId ?? ''
  const confirmation = shortSerial(cardId)
  expectOk(await voidCards(cloud, { fleetId, batchId, cardId, confirmation, author }), 'void')
  const serials = (await textsOnPaper(cloud, batchId)).map((text) => voucherIn(text).payload.serial)
  expect(serials).toEqual(cards.slice(1).map((card) => card.cardId))
  const german = expectOk(await printSheet(cloud, { fleetId, batchId, author, locale: 'de' }), 'German')
  expect(pdfText(german.bytes)).toContain('15,00')
  expect(await actsAbout(cloud, batchId)).toEqual([
    'printed-card.make',
    'printed-card.print',
    'printed-card.print',
  ])
  await expectNoSheet(cloud, batchId)
})

const actsAbout = async (cloud: Cloud, subject: string): Promise<readonly string[]> => {
  const { tenant } = cloud.config
  const lines = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('audit_lines')
      .select('action')
      .where('tenant', '=', tenant)
      .where('organisation_id', '=', fleetId)
      .where('subject', '=', subject)
      .execute(),
  )
  return lines.map(({ action }) => action).sort()
}

async function expectNoSheet(cloud: Cloud, batchId: string): Promise<void> {
  const all = { fleetId, batchId, confirmation: 'summer  GUESTS', author }
  expect(expectOk(await voidCards(cloud, all), 'void').count).toBe(2)
  const sheet = await printSheet(cloud, { fleetId, batchId, author, locale: 'en' })
  expect(sheet.ok ? 'printed' : sheet.error.code).toBe('api.conflict')
}

const tellEpoch = (charger: TestCharger, revocationEpoch: number): void =>
  charger.log({
    kind: 'news',
    timeS: epochSeconds(charger.nowS + 100),
    ...{ policySequence: 1, revocationEpoch, trustSequence: 1 },
  })

test('a void card is on the list until chargers know it, and its rest returns in three weeks', async () => {
  const { cloud, charger, pass } = await demoFleet()
  const batchId = await made(cloud)
  const [used] = await textsOnPaper(cloud, batchId)
  const { bytes, payload } = voucherIn(used ?? '')
  await charger.sell(bytes, 1_500, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const set = await balanceMinor(cloud, fleet)
  const cardId = payload.serial
  const wrong = await voidCards(cloud, { fleetId, batchId, cardId, confirmation: 'A000-0000', author })
  expect(wrong.ok ? 'void' : wrong.error.code).toBe('api.conflict')
  const confirmation = shortSerial(cardId)
  const act = { fleetId, batchId, cardId, confirmation, author }
  const { revocationEpoch } = expectOk(await voidCards(cloud, act), 'void')
  expect(expectOk(await voidCards(cloud, act), 'again')).toEqual({ count: 0, revocationEpoch })
  const whole = await read(cloud, batchId)
  const nowS = cloud.clock.nowS()
  expect(whole.cards[0]).toMatchObject({
    ...{ state: 'void', spentMinor: 980, leftMinor: 520, voidSinceS: nowS, voidEpoch: revocationEpoch },
    ...{ returnsAtS: nowS + 21 * dayS, news: { chargers: whole.unheard.length, heard: 0 } },
  })
  const list = async () => expectOk(await voidList(cloud, fleetId, {}), 'list')
  expect(await list()).toMatchObject({
    cards: [{ cardId, sinceS: nowS, epoch: revocationEpoch, heard: 0 }],
    next: null,
  })
  expect(expectOk(await voidList(cloud, 'another-fleet', {}), 'none').cards).toEqual([])
  tellEpoch(charger, revocationEpoch)
  expectOk(await answerBundle(cloud, await charger.bundle()), 'synced')
  expect((await list()).cards).toMatchObject([{ heard: 1 }])
  expect((await list()).unheard.map((one) => one.chargerId)).not.toContain(charger.id)
  const table = expectOk(await voidTable(cloud, fleetId, 'de'), 'table')
  expect(table).toContain(`${confirmation};1;Summer guests;15,00;EUR;Kinross Services;`)
  pass(21 * dayS + 1)
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, fleet)).toBe(set + 520)
  expect((await read(cloud, batchId)).cards[0]).toMatchObject({
    returnedMinor: 520,
    spentMinor: 980,
    returnsAtS: null,
  })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('two hundred cards are one order, and lists go on a page after the other', async () => {
  const { cloud } = await demoFleet()
  const bulk = await made(cloud, { count: 200, capMinor: 100 })
  const small = await made(cloud, { name: 'Few', count: 1, capMinor: 100, idempotencyKey: 'few' })
  const first = expectOk(await batchesOf(cloud, fleetId, { limit: 1 }), 'first')
  const second = expectOk(await batchesOf(cloud, fleetId, { limit: 1, after: first.next ?? '' }), 'second')
  expect([...first.batches, ...second.batches].map(({ batchId }) => batchId).sort()).toEqual(
    [bulk, small].sort(),
  )
  expect(second.next).toBeNull()
  const all = { fleetId, batchId: bulk, confirmation: 'Summer guests', author }
  expect(expectOk(await voidCards(cloud, all), 'void').count).toBe(200)
  const page = expectOk(await voidList(cloud, fleetId, { limit: 150 }), 'page')
  const rest = expectOk(await voidList(cloud, fleetId, { limit: 150, after: page.next ?? '' }), 'rest')
  const numbers = [...page.cards, ...rest.cards].map(({ number }) => number)
  expect(new Set(numbers).size).toBe(200)
  expect(rest.next).toBeNull()
  expect((await read(cloud, bulk)).batch).toMatchObject({
    voidCount: 200,
    leftMinor: 0,
    returningMinor: 20_000,
  })
})
