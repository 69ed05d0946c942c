/**
 * Begins a payment. The order is written down before the provider is asked, under a key of the payer's: however often
 * a request is repeated, there is one checkout. Whether anything was paid is for the provider's events to say.
 */

import { type CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import type { CardPaymentRow } from '../database/tables/payments'
import type { Checkout } from './card-provider'
import { receiveDeliveries } from './receive-webhook'
import { setPaymentState } from './payment-rows'

export interface PaymentOrder {
  readonly purpose: CardPaymentRow['purpose']
  /** Where one key of one owner makes one payment, a random one; a guest's is drawn from its token. */
  readonly paymentId: string
  readonly owner: string
  readonly amountMinor: number
  readonly currency: CurrencyCode
  readonly cardNumber: string | undefined
  readonly author: string
  readonly title: string
  /** Page of ours that the payer comes back to, with the payment's id in its query. */
  readonly returnPath: string
  /** Finds the order again, in the caller's transaction. */
  readonly find: (tx: TenantTransaction) => Promise<CardPaymentRow | undefined>
  readonly idempotencyKey: string
  /** Whatever else has to be written down with the order. */
  readonly keep?: (tx: TenantTransaction) => Promise<void>
}

/** The payment as it stands after the provider was asked. The same key with another amount is `api.conflict`. */
export async function startPayment(
  cloud: Cloud,
  order: PaymentOrder,
): Promise<Result<CardPaymentRow, Refusal>> {
  const started = await writeDown(cloud, order)
  if (!started.ok) return started
  const payment = started.value
  if (payment.state !== 'started' || payment.checkout_url !== null) return started
  const asked = await askProvider(cloud, order, payment)
  if (!asked.ok) {
    if (asked.error.code === 'account.card-declined') await decline(cloud, payment.payment_id)
    return asked
  }
  await keepCheckout(cloud, payment.payment_id, asked.value)
  if (asked.value.kind === 'pending') await receiveDeliveries(cloud, asked.value.deliveries)
  return transact(cloud.db, cloud.config.tenant, async (tx) => ok(await found(order, tx)))
}

const found = async (order: PaymentOrder, tx: TenantTransaction): Promise<CardPaymentRow> => {
  const payment = await order.find(tx)
  if (payment === undefined) throw new Error('A payment that was written down is gone')
  return payment
}

const writeDown = (cloud: Cloud, order: PaymentOrder): Promise<Result<CardPaymentRow, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const known = await order.find(tx)
    if (known === undefined) {
      const nowS = cloud.clock.nowS()
      const added = await tx
        .insertInto('card_payments')
        .values({
          tenant: cloud.config.tenant,
          payment_id: order.paymentId,
          purpose: order.purpose,
          owner: order.owner,
          idempotency_key: order.idempotencyKey,
          author: order.author,
          provider: cloud.cards.name,
          amount_minor: order.amountMinor,
          currency: order.currency,
          state: 'started',
          checkout_reference: null,
          checkout_url: null,
          payment_reference: null,
          created_at_s: nowS,
          updated_at_s: nowS,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (added.numInsertedOrUpdatedRows === 1n) await order.keep?.(tx)
    }
    const payment = await found(order, tx)
    const isSame = payment.amount_minor === order.amountMinor && payment.currency === order.currency
    return isSame ? ok(payment) : err(refusal('api.conflict'))
  })

async function askProvider(
  cloud: Cloud,
  order: PaymentOrder,
  payment: CardPaymentRow,
): Promise<Result<Checkout, Refusal>> {
  const { config, cards } = cloud
  const page = `${config.origin}${order.returnPath}?payment=${payment.payment_id}`
  const checkout = {
    tenant: config.tenant,
    paymentId: payment.payment_id,
    amountMinor: minorUnits(payment.amount_minor),
    currency: order.currency,
    title: order.title,
    returnUrl: page,
    cancelUrl: `${page}&cancelled=1`,
    cardNumber: order.cardNumber,
    nowS: cloud.clock.nowS(),
  }
  try {
    return await (payment.purpose === 'guest' ? cards.preauthorise(checkout) : cards.startCheckout(checkout))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`payments: checkout ${payment.payment_id}: ${why}\n`)
    return err(refusal('payment.provider'))
  }
}

const keepCheckout = async (cloud: Cloud, paymentId: string, checkout: Checkout): Promise<void> => {
  await transact(cloud.db, cloud.config.tenant, async (tx) => {
    await tx
      .updateTable('card_payments')
      .set({
        checkout_reference: checkout.reference,
        checkout_url: checkout.kind === 'redirect' ? checkout.url : null,
      })
      .where('tenant', '=', cloud.config.tenant)
      .where('payment_id', '=', paymentId)
      .execute()
    return ok(undefined)
  })
}

const decline = async (cloud: Cloud, paymentId: string): Promise<void> => {
  await transact(cloud.db, cloud.config.tenant, async (tx) => {
    await setPaymentState(cloud, tx, paymentId, 'failed')
    return ok(undefined)
  })
}
