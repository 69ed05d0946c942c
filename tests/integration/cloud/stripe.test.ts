import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { cardClearingAccount, receivableAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { refundTopUp, topUp, workOnPayments } from '@/lib/cloud/topup/commands'
import { topUpProgress } from '@/lib/cloud/topup/queries'
import { receiveWebhook } from '@/lib/cloud/topup/receive-webhook'
import { stripeCards } from '@/lib/cloud/topup/stripe-cards'
import { StripeServer, type Webhook } from '../../fixtures/stripe-server'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { availableMinor, balanceMinor, freshSigner, openAccount, openWorld, proof } from './world'

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

async function openStripeWorld() {
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
  const accountId = await openAccount(cloud, 0)
  return { cloud, pass, accountId, owner: walletAccount(accountId) }
}

const order = (accountId: string, idempotencyKey = 'the-same-key', amountMinor = 5_000) => ({
  owner: walletAccount(accountId),
  amountMinor,
  currency: EUR,
  idempotencyKey,
  author: accountId,
})

/** The operator's webhook address on a socket of its own. */
async function serveWebhooks(cloud: Cloud): Promise<{ address: string; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const header = request.headers['stripe-signature']
      const signature = typeof header === 'string' ? header : null
      void receiveWebhook(cloud, Buffer.concat(chunks).toString(), signature).then((received) => {
        response.writeHead(received.ok ? 200 : 400, { 'content-type': 'application/json' })
        response.end(JSON.stringify(received))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const deliver = (cloud: Cloud, { body, signature }: Webhook) => receiveWebhook(cloud, body, signature)

async function deliverAll(cloud: Cloud): Promise<void> {
  for (const webhook of stripe.webhooks.splice(0)) expectOk(await deliver(cloud, webhook), webhook.type)
}

async function paidTopUp(world: Awaited<ReturnType<typeof openStripeWorld>>, amountMinor = 5_000) {
  const started = expectOk(
    await topUp(world.cloud, order(world.accountId, `key-${amountMinor}`, amountMinor)),
    'start',
  )
  const session = stripe.sessionIds.at(-1) ?? ''
  stripe.pay(session)
  await deliverAll(world.cloud)
  return { topUpId: started.topUpId, session }
}

const cases = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('cases').select(['kind', 'code']).where('tenant', '=', cloud.config.tenant).execute(),
  )

test('credit appears with the webhook and not before, whatever the browser says', async () => {
  const { cloud, accountId, owner } = await openStripeWorld()
  const started = expectOk(await topUp(cloud, order(accountId)), 'start')
  const session = stripe.sessionIds.at(-1) ?? ''
  expect(started).toMatchObject({ state: 'redirect', checkoutUrl: `${stripe.address}/pay/${session}` })
  expect(stripe.calls[0]).toMatchObject({
    path: '/checkout/sessions',
    form: {
      'line_items[0][price_data][unit_amount]': '5000',
      'line_items[0][price_data][currency]': 'eur',
      success_url: `http://localhost:3000/top-up?payment=${started.topUpId}`,
    },
  })
  expect(await topUpProgress(cloud, owner, started.topUpId)).toMatchObject({ value: { state: 'redirect' } })
  expect(await balanceMinor(cloud, owner)).toBe(0)
  stripe.pay(session)
  await deliverAll(cloud)
  const { topUpId } = started
  const paid = { ok: true, value: { state: 'paid', topUpId, amountMinor: 5_000, balanceMinor: 5_000 } }
  expect(await topUpProgress(cloud, owner, started.topUpId)).toEqual(paid)
  expect(await topUp(cloud, order(accountId))).toEqual(paid)
  expect(await topUp(cloud, order(accountId, 'the-same-key', 6_000))).toMatchObject({
    error: { code: 'api.conflict' },
  })
  const stranger = walletAccount(await openAccount(cloud, 0))
  expect(await topUpProgress(cloud, stranger, started.topUpId)).toMatchObject({
    error: { code: 'api.not-found' },
  })
})

test('a webhook that overtakes our own request credits once, and the request answers paid', async () => {
  const { cloud, accountId, owner } = await openStripeWorld()
  const { address, server } = await serveWebhooks(cloud)
  stripe.beforeAnswer = async (session) => {
    stripe.pay(session)
    for (const { body, signature } of stripe.webhooks.splice(0)) {
      const answer = await fetch(address, {
        method: 'POST',
        body,
        headers: { 'stripe-signature': signature },
      })
      expect(answer.status).toBe(200)
    }
  }
  expect(await topUp(cloud, order(accountId))).toMatchObject({
    value: { state: 'paid', balanceMinor: 5_000 },
  })
  stripe.beforeAnswer = undefined
  await new Promise((resolve) => server.close(resolve))
  expect(await balanceMinor(cloud, owner)).toBe(5_000)
})

test('one event twenty times at once, at two processes, credits once', async () => {
  const { cloud, accountId, owner } = await openStripeWorld()
  const other: Cloud = { ...cloud, db: database.openAnother() }
  await topUp(cloud, order(accountId))
  stripe.pay(stripe.sessionIds.at(-1) ?? '')
  const storm = stripe.webhooks.splice(0).flatMap((webhook) => Array.from({ length: 20 }, () => webhook))
  const received = await Promise.all(storm.map((one, index) => deliver(index % 2 === 0 ? cloud : other, one)))
  const outcomes = received.flatMap((one) => expectOk(one, 'webhook').outcomes)
  expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(2)
  expect(await balanceMinor(cloud, owner)).toBe(5_000)
  expect(await proof(cloud)).toMatchObject({ isProved: true, transfers: 1 })
})

test('forged, tampered, stale and live-mode webhooks credit nothing; strangers’ and unknown events are let pass', async () => {
  const { cloud, accountId, owner, pass } = await openStripeWorld()
  await topUp(cloud, order(accountId))
  stripe.pay(stripe.sessionIds.at(-1) ?? '')
  const webhooks = stripe.webhooks.splice(0)
  const paid = webhooks.find(({ type }) => type === 'checkout.session.completed')
  const unknown = webhooks.find(({ type }) => type === 'charge.succeeded')
  if (paid === undefined || unknown === undefined) throw new Error('Stripe sent too little')
  const refused = async (body: string, signature: string | null, code: string) =>
    expect(await receiveWebhook(cloud, body, signature)).toMatchObject({ ok: false, error: { code } })
  await refused(paid.body, null, 'payment.signature')
  await refused(paid.body, 't=1,v1=00', 'payment.signature')
  await refused(paid.body, stripe.sign(paid.body, 'whsec_of_somebody_else'), 'payment.signature')
  await refused(paid.body.replace('5000', '50000'), paid.signature, 'payment.signature')
  await refused(`${paid.body} `, paid.signature, 'payment.signature')
  const live = paid.body.replace('"livemode": false', '"livemode": true')
  await refused(live, stripe.sign(live), 'payment.signature')
  pass(301)
  await refused(paid.body, paid.signature, 'payment.stale')
  const foreign = paid.body.replaceAll(cloud.config.tenant, 'another-operator').replace('evt_', 'evt_f')
  const lets = async (body: string, outcome: string) =>
    expect(await receiveWebhook(cloud, body, stripe.sign(body))).toEqual({
      ok: true,
      value: { outcomes: [outcome] },
    })
  await lets(foreign, 'foreign')
  await lets(unknown.body, 'unknown')
  expect(await balanceMinor(cloud, owner)).toBe(0)
  await lets(paid.body, 'taken')
  await lets(paid.body, 'duplicate')
  expect(await balanceMinor(cloud, owner)).toBe(5_000)
})

test('another amount than was asked for is not credited; people look at it', async () => {
  const { cloud, accountId, owner } = await openStripeWorld()
  await topUp(cloud, order(accountId))
  stripe.pay(stripe.sessionIds.at(-1) ?? '')
  for (const { body } of stripe.webhooks.splice(0)) {
    const more = body.replaceAll('5000', '50000')
    expectOk(await receiveWebhook(cloud, more, stripe.sign(more)), 'signed by Stripe')
  }
  expect(await balanceMinor(cloud, owner)).toBe(0)
  expect(await cases(cloud)).toEqual([{ kind: 'card-payment', code: 'payment.mismatch' }])
})

test('a crash between Stripe’s deed and our note of it makes no second checkout', async () => {
  const { cloud, accountId } = await openStripeWorld()
  const before = stripe.sessionIds.length
  stripe.answersToLose = 3
  expect(await topUp(cloud, order(accountId))).toMatchObject({ error: { code: 'payment.provider' } })
  const restarted: Cloud = { ...cloud, db: database.openAnother() }
  const started = expectOk(await topUp(restarted, order(accountId)), 'after the restart')
  expect(started.state).toBe('redirect')
  expect(stripe.sessionIds).toHaveLength(before + 1)
  expect(stripe.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
    Array.from({ length: 4 }, () => stripe.calls[0]?.idempotencyKey),
  )
})

test('a checkout that was left says so, and one that was paid all the same is credited', async () => {
  const { cloud, accountId, owner } = await openStripeWorld()
  const { topUpId } = expectOk(await topUp(cloud, order(accountId)), 'start')
  const session = stripe.sessionIds.at(-1) ?? ''
  stripe.leave(session)
  await deliverAll(cloud)
  expect(await topUpProgress(cloud, owner, topUpId)).toMatchObject({ value: { state: 'cancelled' } })
  expect(await topUp(cloud, order(accountId))).toMatchObject({ error: { code: 'payment.cancelled' } })
  stripe.pay(session)
  await deliverAll(cloud)
  expect(await topUpProgress(cloud, owner, topUpId)).toMatchObject({ value: { state: 'paid' } })
})

test('a dispute takes the credit back, what was spent of it is owed, and a dispute won gives it back', async () => {
  const world = await openStripeWorld()
  const { cloud, accountId, owner } = world
  const { session } = await paidTopUp(world)
  expectOk(
    await issueDriverGrant(cloud, {
      accountId,
      deviceKey: freshSigner().publicKey,
      keyProtection: 'platform',
      capMinor: 3_000,
    }),
    'grant',
  )
  const dispute = stripe.dispute(session)
  await deliverAll(cloud)
  expect(await availableMinor(cloud, owner)).toBe(0)
  expect(await balanceMinor(cloud, receivableAccount(owner))).toBe(-3_000)
  expect(await balanceMinor(cloud, cardClearingAccount)).toBe(0)
  expect(await cases(cloud)).toEqual([{ kind: 'card-dispute', code: 'payment.disputed' }])
  stripe.closeDispute(session, dispute, 'won')
  await deliverAll(cloud)
  expect(await availableMinor(cloud, owner)).toBe(2_000)
  expect(await balanceMinor(cloud, receivableAccount(owner))).toBe(0)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('refunds and disputes end up the same in every order in which their events arrive', async () => {
  const orders = [
    (webhooks: Webhook[]) => webhooks,
    (webhooks: Webhook[]) => webhooks.toReversed(),
    (webhooks: Webhook[]) => webhooks.toSorted((a, b) => (a.signature < b.signature ? -1 : 1)),
    (webhooks: Webhook[]) => [...webhooks.slice(5), ...webhooks.slice(0, 5), ...webhooks],
  ]
  for (const arrange of orders) {
    const { cloud, accountId, owner } = await openStripeWorld()
    await topUp(cloud, order(accountId))
    const session = stripe.sessionIds.at(-1) ?? ''
    stripe.pay(session)
    stripe.refundInConsole(session, 700)
    const back = stripe.refundInConsole(session, 300)
    stripe.failRefund(session, back, 300)
    const lost = stripe.dispute(session, 1_000)
    stripe.closeDispute(session, lost, 'lost', 1_000)
    const won = stripe.dispute(session, 400)
    stripe.closeDispute(session, won, 'won', 400)
    for (const webhook of arrange(stripe.webhooks.splice(0)))
      expectOk(await deliver(cloud, webhook), 'signed')
    expect(await availableMinor(cloud, owner)).toBe(3_300)
    expect(await balanceMinor(cloud, cardClearingAccount)).toBe(-3_300)
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  }
})

test('a refund of ours is asked for once although answers are lost and two workers work', async () => {
  const world = await openStripeWorld()
  const { cloud, pass, owner, accountId } = world
  const { topUpId, session } = await paidTopUp(world)
  const refund = { topUpId, amountMinor: minorUnits(2_000), refundKey: 'sorry', author: accountId }
  await Promise.all([refundTopUp(cloud, refund), refundTopUp(cloud, refund)])
  expect(await balanceMinor(cloud, owner)).toBe(3_000)
  expect(
    await refundTopUp(cloud, { ...refund, refundKey: 'more', amountMinor: minorUnits(3_001) }),
  ).toMatchObject({ error: { code: 'account.amount' } })
  stripe.answersToLose = 3
  const other: Cloud = { ...cloud, db: database.openAnother() }
  await Promise.all([workOnPayments(cloud), workOnPayments(other)])
  pass(61)
  await Promise.all([workOnPayments(cloud), workOnPayments(other)])
  expect(stripe.effects(/^\/refunds$/)).toHaveLength(1)
  expect(stripe.received(session)).toBe(3_000)
  await deliverAll(cloud)
  expect(await balanceMinor(cloud, owner)).toBe(3_000)
  expect(await balanceMinor(cloud, cardClearingAccount)).toBe(-3_000)
  pass(3_600)
  expect(await workOnPayments(cloud)).toBe(0)
})

test('a refund that Stripe refuses becomes a case', async () => {
  const world = await openStripeWorld()
  const { cloud, accountId } = world
  const { topUpId, session } = await paidTopUp(world)
  stripe.refundInConsole(session, 4_000)
  const refund = { topUpId, amountMinor: minorUnits(2_000), refundKey: 'too-late', author: accountId }
  expectOk(await refundTopUp(cloud, refund), 'the books have not heard of the other yet')
  await workOnPayments(cloud)
  expect(await cases(cloud)).toEqual([{ kind: 'card-act', code: 'payment.act' }])
})
