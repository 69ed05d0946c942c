import { afterAll, beforeAll, expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import type { Cloud } from '@/lib/cloud/context'
import { decideCase, reviewCase } from '@/lib/cloud/cases/commands'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport, releaseDueReserves } from '@/lib/cloud/ingest/commands'
import {
  cardAuthorizedAccount,
  cardClearingAccount,
  guestAccount,
  receivableAccount,
  reserveAccount,
} from '@/lib/cloud/ledger/accounts'
import { startGuestPayment, workOnPayments } from '@/lib/cloud/topup/commands'
import { guestProgress } from '@/lib/cloud/topup/queries'
import { receiveWebhook } from '@/lib/cloud/topup/receive-webhook'
import { stripeCards } from '@/lib/cloud/topup/stripe-cards'
import { TestCharger } from '../../fixtures/session-actors'
import { StripeServer } from '../../fixtures/stripe-server'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, Charger, freshSigner, openWorld, Phone, proof } from './world'

let database: TestDatabase
let stripe: StripeServer
beforeAll(async () => {
  database = await openTestDatabase()
  stripe = await new StripeServer().listen()
})
afterAll(async () => {
  await stripe.close()
  await database.close()
})

const dayS = 86_400
const holdMinor = 1_500

async function openGuestWorld() {
  const world = await openWorld(database)
  const config = { secretKey: 'sk_test_local', webhookSecret: stripe.secret, apiBase: stripe.address }
  const cloud: Cloud = { ...world.cloud, cards: stripeCards(config, EUR) }
  const pass = (spanS: number): void => {
    world.pass(spanS)
    stripe.nowS = cloud.clock.nowS()
  }
  pass(0)
  stripe.webhooks.length = 0
  stripe.calls.length = 0
  return { cloud, pass }
}

const guestOrder = (deviceKey: string, claimToken = 'T'.repeat(43)) => ({
  amountMinor: holdMinor,
  currency: EUR,
  deviceKey,
  keyProtection: 'platform' as const,
  claimToken,
})

async function deliverAll(cloud: Cloud): Promise<void> {
  for (const { body, signature } of stripe.webhooks.splice(0))
    expectOk(await receiveWebhook(cloud, body, signature), 'webhook')
}

/** A guest whose card has promised the hold, with the grant on the phone. */
async function openGuest(cloud: Cloud) {
  const signer = freshSigner()
  const order = guestOrder(signer.publicKey)
  expectOk(await startGuestPayment(cloud, order), 'start')
  const session = stripe.sessionIds.at(-1) ?? ''
  stripe.pay(session)
  await deliverAll(cloud)
  const progress = expectOk(await guestProgress(cloud, order.claimToken), 'progress')
  if (progress.state !== 'ready') throw new Error(`The guest is ${progress.state}`)
  const { payment_id: paymentId } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('card_payments')
      .select('payment_id')
      .where('tenant', '=', cloud.config.tenant)
      .executeTakeFirstOrThrow(),
  )
  return { phone: Phone.holding(progress.grant, signer), session, paymentId }
}

type Guest = Awaited<ReturnType<typeof openGuest>>

/** Where the guest's money stands: promised by the card, reserved, taken from cards. */
const books = async (cloud: Cloud, { paymentId, phone }: Guest) => ({
  promised: 0 - (await balanceMinor(cloud, cardAuthorizedAccount(paymentId))),
  reserved: await balanceMinor(cloud, reserveAccount(phone.serial)),
  taken: 0 - (await balanceMinor(cloud, cardClearingAccount)),
})

const work = async (cloud: Cloud): Promise<void> => {
  await workOnPayments(cloud)
  await deliverAll(cloud)
}

const cases = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('cases').select(['kind', 'case_id']).where('tenant', '=', cloud.config.tenant).execute(),
  )

/** 10 kWh at 0.49: 4.90. */
const energyWh = 10_000

test('a card’s promise becomes a grant for one spend and one day, for this phone alone', async () => {
  const { cloud } = await openGuestWorld()
  const signer = freshSigner()
  const order = guestOrder(signer.publicKey)
  const [first, second] = await Promise.all([
    startGuestPayment(cloud, order),
    startGuestPayment(cloud, order),
  ])
  expect(second).toEqual(first)
  expect(first).toMatchObject({ value: { state: 'redirect' } })
  expect(stripe.calls.at(-1)?.form['payment_intent_data[capture_method]']).toBe('manual')
  expect(await guestProgress(cloud, order.claimToken)).toEqual(first)
  expect(await guestProgress(cloud, 'X'.repeat(43))).toMatchObject({ error: { code: 'api.not-found' } })
  const session = stripe.sessionIds.at(-1) ?? ''
  stripe.pay(session)
  await deliverAll(cloud)
  const ready = expectOk(await guestProgress(cloud, order.claimToken), 'progress')
  const { payload } = expectOk(
    parseMessage(grant, 'grant' in ready ? ready.grant : new Uint8Array()),
    'grant',
  )
  expect(payload).toMatchObject({ capMinor: holdMinor, spendsMax: 1, deviceKey: signer.publicKey })
  expect(payload.notAfterS - cloud.clock.nowS()).toBe(dayS)
  expect(await balanceMinor(cloud, reserveAccount(payload.serial))).toBe(holdMinor)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test.each([
  ['too little', { amountMinor: 100 }, 'account.amount'],
  ['too much', { amountMinor: 6_001 }, 'account.amount'],
  ['a key on which anybody could sign', { deviceKey: `01${'0'.repeat(62)}` }, 'phone.key'],
])('%s is refused before a provider hears of it', async (_what, change, code) => {
  const { cloud } = await openGuestWorld()
  const order = { ...guestOrder(freshSigner().publicKey), ...change }
  expect(await startGuestPayment(cloud, order)).toMatchObject({ error: { code } })
  expect(stripe.calls).toEqual([])
})

test('what the session cost is captured once, the rest of the promise is let go, and the books close', async () => {
  const { cloud } = await openGuestWorld()
  const guest = await openGuest(cloud)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(guest.phone, holdMinor, energyWh)
  expectOk(await receiveReport(cloud, guest.phone.report()), 'report')
  stripe.answersToLose = 3
  const other: Cloud = { ...cloud, db: database.openAnother() }
  await Promise.all([workOnPayments(cloud), workOnPayments(other)])
  await Promise.all([work(cloud), work(other)])
  expect(await books(cloud, guest)).toMatchObject({ reserved: 0 })
  expect(stripe.effects(/capture$/)).toHaveLength(1)
  expect(stripe.received(guest.session)).toBe(490)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 490 })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
  expect(await cases(cloud)).toEqual([])
})

test('an answer that was lost on the way is asked for again, and captures nothing twice', async () => {
  const { cloud, pass } = await openGuestWorld()
  const guest = await openGuest(cloud)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(guest.phone, holdMinor, energyWh)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  stripe.answersToLose = 3
  await workOnPayments(cloud)
  expect(stripe.received(guest.session)).toBe(490)
  expect(await books(cloud, guest)).toEqual({ promised: 490, reserved: 0, taken: 0 })
  pass(61)
  await work(cloud)
  expect(stripe.received(guest.session)).toBe(490)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 490 })
})

test('unresolved on day six the whole promise is taken; the late receipt gives the difference back once', async () => {
  const { cloud, pass } = await openGuestWorld()
  const guest = await openGuest(cloud)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(guest.phone, holdMinor, energyWh)
  pass(6 * dayS - 300)
  await work(cloud)
  expect(stripe.status(guest.session)).toBe('requires_capture')
  pass(300)
  await work(cloud)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: holdMinor, taken: holdMinor })
  pass(9 * dayS)
  expectOk(await receiveReport(cloud, guest.phone.report()), 'late report')
  stripe.answersToLose = 3
  await workOnPayments(cloud)
  pass(61)
  await work(cloud)
  expect(stripe.received(guest.session)).toBe(490)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 490 })
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'the charger says the same')
  pass(dayS)
  await work(cloud)
  expect(stripe.received(guest.session)).toBe(490)
  expect(stripe.effects(/refunds$/)).toHaveLength(1)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('of two receipts the difference stays in doubt, and goes back to the card when people decide so', async () => {
  const { cloud, pass } = await openGuestWorld()
  const guest = await openGuest(cloud)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(guest.phone, holdMinor, energyWh)
  expectOk(await receiveReport(cloud, guest.phone.report()), 'report')
  await work(cloud)
  const lower = await charger.receipt(session.id, session.offer, holdMinor, 5_000)
  charger.end(session.id, lower.bytes)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'two receipts')
  pass(7 * 3_600)
  await work(cloud)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 245, taken: 490 })
  const [doubt] = await cases(cloud)
  const act = { caseId: doubt?.case_id ?? '', author: 'staff-one', reason: 'driver-right' as const }
  expectOk(await reviewCase(cloud, 'take-up', act), 'take up')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'dismiss' } }), 'dismiss')
  pass(7 * 3_600)
  await work(cloud)
  expect(stripe.received(guest.session)).toBe(245)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 245 })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a declined guest is let go when the grant has run out', async () => {
  const { cloud, pass } = await openGuestWorld()
  const guest = await openGuest(cloud)
  const charger = await Charger.enrolled(cloud)
  await charger.decline(guest.phone, holdMinor)
  expectOk(await receiveReport(cloud, guest.phone.report()), 'report')
  await work(cloud)
  expect(stripe.status(guest.session)).toBe('requires_capture')
  pass(dayS + 1)
  await work(cloud)
  expect(stripe.status(guest.session)).toBe('canceled')
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 0 })
  expect(await cases(cloud)).toEqual([])
})

test('a guest who never charged is let go once every charger’s log says so', async () => {
  const { cloud, pass } = await openGuestWorld()
  const charger = await Charger.enrolled(cloud)
  const guest = await openGuest(cloud)
  pass(2 * dayS)
  await work(cloud)
  expect(stripe.status(guest.session)).toBe('requires_capture')
  const later = TestCharger.holding(charger.id, charger.signer, charger.certificate, cloud.clock.nowS())
  later.log({ kind: 'boot', timeS: cloud.clock.nowS(), clockQuality: 'synchronised', version: '1' })
  expectOk(await receiveBundle(cloud, await later.bundle()), 'a log up to now, without the guest')
  pass(300)
  await work(cloud)
  expect(stripe.status(guest.session)).toBe('canceled')
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 0 })
})

test('what was captured and never explained goes back when the holds have run out', async () => {
  const { cloud, pass } = await openGuestWorld()
  await Charger.enrolled(cloud)
  const guest = await openGuest(cloud)
  pass(6 * dayS)
  await work(cloud)
  expect(stripe.received(guest.session)).toBe(holdMinor)
  pass(26 * dayS)
  await releaseDueReserves(cloud)
  await work(cloud)
  expect(stripe.received(guest.session)).toBe(0)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 0 })
  expect(await balanceMinor(cloud, guestAccount(guest.paymentId))).toBe(0)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a promise that the bank takes back revokes the grant, and what was used of it is owed', async () => {
  const { cloud } = await openGuestWorld()
  const guest = await openGuest(cloud)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(guest.phone, holdMinor, energyWh)
  stripe.lapse(guest.session)
  await deliverAll(cloud)
  expect(await books(cloud, guest)).toEqual({ promised: 0, reserved: 0, taken: 0 })
  expectOk(await receiveReport(cloud, guest.phone.report()), 'report')
  await work(cloud)
  const owed = receivableAccount(guestAccount(guest.paymentId))
  expect(await balanceMinor(cloud, owed)).toBe(-490)
  const revoked = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('revoked_grants').select('serial').where('tenant', '=', cloud.config.tenant).execute(),
  )
  expect(revoked).toEqual([{ serial: guest.phone.serial }])
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a promise that was taken back before we heard of it never becomes a grant', async () => {
  const { cloud } = await openGuestWorld()
  const order = guestOrder(freshSigner().publicKey)
  expectOk(await startGuestPayment(cloud, order), 'start')
  const session = stripe.sessionIds.at(-1) ?? ''
  stripe.pay(session)
  stripe.lapse(session)
  for (const { body, signature } of stripe.webhooks.splice(0).toReversed())
    expectOk(await receiveWebhook(cloud, body, signature), 'webhook')
  expect(await guestProgress(cloud, order.claimToken)).toEqual({ ok: true, value: { state: 'cancelled' } })
  expect(await proof(cloud)).toMatchObject({ isProved: true, transfers: 0 })
})

test('with the sandbox a typed card sets the amount aside in one step, and is captured the same way', async () => {
  const { cloud } = await openWorld(database)
  const signer = freshSigner()
  const order = { ...guestOrder(signer.publicKey), cardNumber: '4242 4242 4242 4242' }
  const ready = expectOk(await startGuestPayment(cloud, order), 'start')
  if (ready.state !== 'ready') throw new Error(`The guest is ${ready.state}`)
  const phone = Phone.holding(ready.grant, signer)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, holdMinor, energyWh)
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  await workOnPayments(cloud)
  expect(await balanceMinor(cloud, cardClearingAccount)).toBe(-490)
  expect(await balanceMinor(cloud, reserveAccount(phone.serial))).toBe(0)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
  const declined = { ...order, claimToken: 'D'.repeat(43), cardNumber: '4000 0000 0000 0002' }
  expect(await startGuestPayment(cloud, declined)).toMatchObject({ error: { code: 'account.card-declined' } })
})
