import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { topUp } from '@/lib/cloud/topup/commands'
import { receiveWebhook } from '@/lib/cloud/topup/receive-webhook'
import { stripeCards } from '@/lib/cloud/topup/stripe-cards'
import { StripeServer } from '../../fixtures/stripe-server'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, openAccount, openWorld, proof } from './world'

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

const roundsMax = 5_000

/** Cuts the connection of whoever waits for a lock, as the death of its process does. */
async function killTheWaiting(admin: pg.Client): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if ((rowCount ?? 0) > 0) return
  }
  throw new Error('Nobody came to wait')
}

test('a process that dies in the middle of a webhook leaves nothing behind; sent again, it credits once', async () => {
  const world = await openWorld(database)
  const config = { secretKey: 'sk_test_local', webhookSecret: stripe.secret, apiBase: stripe.address }
  const cloud: Cloud = { ...world.cloud, cards: stripeCards(config, EUR) }
  const { tenant } = cloud.config
  stripe.nowS = cloud.clock.nowS()
  const accountId = await openAccount(cloud, 0)
  const owner = walletAccount(accountId)
  const order = { owner, amountMinor: 5_000, currency: EUR, idempotencyKey: 'a-key-of-8', author: accountId }
  const { topUpId } = expectOk(await topUp(cloud, order), 'start')
  stripe.pay(stripe.sessionIds.at(-1) ?? '')
  const paid = stripe.webhooks.find(({ type }) => type === 'payment_intent.succeeded')
  if (paid === undefined) throw new Error('Stripe said nothing')
  const admin = new pg.Client({ connectionString: database.url })
  const blocker = new pg.Client({ connectionString: database.url })
  await Promise.all([admin.connect(), blocker.connect()])
  try {
    // The webhook's transaction has written its event and now waits for the payment.
    await blocker.query('begin')
    await blocker.query('select from card_payments where tenant = $1 and payment_id = $2 for update', [
      tenant,
      topUpId,
    ])
    const dying: Cloud = { ...cloud, db: database.openAnother() }
    const died = receiveWebhook(dying, paid.body, paid.signature).then(
      () => 'answered',
      () => 'died',
    )
    await killTheWaiting(admin)
    expect(await died).toBe('died')
    await blocker.query('rollback')
  } finally {
    await Promise.all([admin.end(), blocker.end()])
  }
  const kept = await inTenant(cloud.db, tenant, (tx) =>
    tx.selectFrom('card_events').select('event_id').where('tenant', '=', tenant).execute(),
  )
  expect(kept).toEqual([])
  expect(await balanceMinor(cloud, owner)).toBe(0)
  const outcomes = [
    await receiveWebhook(cloud, paid.body, paid.signature),
    await receiveWebhook(cloud, paid.body, paid.signature),
  ].map((received) => expectOk(received, 'sent again').outcomes)
  expect(outcomes).toEqual([['taken'], ['duplicate']])
  expect(await balanceMinor(cloud, owner)).toBe(5_000)
  expect(await proof(cloud)).toMatchObject({ isProved: true, transfers: 1 })
})
