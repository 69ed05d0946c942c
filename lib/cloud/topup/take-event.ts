/**
 * One verified event of the card provider, inside the caller's transaction. Each is kept once by its id; then the
 * payment that it is about is judged anew from all events that are known of it, so that order and repetition change
 * nothing. An event about a payment that we cannot name yet waits until another one names it.
 *
 * Locks in one order: the event, the provider's reference, the payment, then as reconciliation does.
 */

import { assert } from '@/lib/core/assert'
import type { OperatorId } from '@/lib/core/ids'
import { openCases } from '../cases/commands'
import type { NewCase } from '../cases/file-evidence'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { CardPaymentRow } from '../database/tables/payments'
import { keyText, type TransferKind } from '../ledger/transfer'
import { takeGuestFacts } from './guest-facts'
import { factsOf, type PaymentEvent, type PaymentFacts, type PaymentNews } from './payment-event'
import { lockOwnerMoney, partyOf, paymentCase, post, postedKeys, setPaymentState } from './payment-rows'
import { creditTransfers, referencesOf, reversalTransfers } from './payment-transfers'
import { readPaymentNews } from './read-payment-news'

export type EventOutcome =
  | 'taken'
  | 'duplicate'
  /** About a payment that nobody has named yet; it counts when somebody does. */
  | 'waiting'
  /** Signed, but about nothing of ours: another operator or installation shares the provider's account. */
  | 'foreign'
  /** Signed, and of no meaning to us. */
  | 'unknown'

export async function takeEvent(
  cloud: Cloud,
  tx: TenantTransaction,
  event: PaymentEvent,
  bodyHash: string,
): Promise<EventOutcome> {
  const { tenant } = cloud.config
  const provider = cloud.cards.name
  if (event.tenant !== null && event.tenant !== tenant) return 'foreign'
  const added = await tx
    .insertInto('card_events')
    .values({
      tenant,
      provider,
      event_id: event.eventId,
      payment_id: null,
      payment_reference: event.paymentReference,
      news: JSON.stringify(event.news),
      body_hash: bodyHash,
      received_at_s: cloud.clock.nowS(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return 'duplicate'
  if (event.news.kind === 'unknown') return 'unknown'
  const named = await lockReference(tx, tenant, provider, event.paymentReference)
  const payment = await lockPayment(tx, tenant, event.paymentId ?? named)
  if (payment === undefined) return event.paymentId === null ? 'waiting' : 'foreign'
  if (named !== undefined && named !== payment.payment_id) return 'foreign'
  await bindEvents(tx, tenant, provider, event, payment.payment_id)
  await judgePayment(cloud, tx, payment)
  return 'taken'
}

/** Two events that name one payment meet at this row, so that neither overlooks the other. */
async function lockReference(
  tx: TenantTransaction,
  tenant: OperatorId,
  provider: string,
  paymentReference: string | null,
): Promise<string | undefined> {
  if (paymentReference === null) return undefined
  await tx
    .insertInto('card_references')
    .values({ tenant, provider, payment_reference: paymentReference, payment_id: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await tx
    .selectFrom('card_references')
    .select('payment_id')
    .where('tenant', '=', tenant)
    .where('provider', '=', provider)
    .where('payment_reference', '=', paymentReference)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.payment_id ?? undefined
}

async function lockPayment(
  tx: TenantTransaction,
  tenant: OperatorId,
  paymentId: string | undefined,
): Promise<CardPaymentRow | undefined> {
  if (paymentId === undefined) return undefined
  return tx
    .selectFrom('card_payments')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('payment_id', '=', paymentId)
    .forUpdate()
    .executeTakeFirst()
}

/** The event is this payment's, and so is every earlier one that only knew the provider's reference. */
async function bindEvents(
  tx: TenantTransaction,
  tenant: OperatorId,
  provider: string,
  { eventId, paymentReference }: PaymentEvent,
  paymentId: string,
): Promise<void> {
  await tx
    .updateTable('card_events')
    .set({ payment_id: paymentId })
    .where('tenant', '=', tenant)
    .where('provider', '=', provider)
    .where((where) =>
      where.or([
        where('event_id', '=', eventId),
        ...(paymentReference === null
          ? []
          : [
              where.and([where('payment_reference', '=', paymentReference), where('payment_id', 'is', null)]),
            ]),
      ]),
    )
    .execute()
  if (paymentReference === null) return
  await tx
    .updateTable('card_references')
    .set({ payment_id: paymentId })
    .where('tenant', '=', tenant)
    .where('provider', '=', provider)
    .where('payment_reference', '=', paymentReference)
    .execute()
  await tx
    .updateTable('card_payments')
    .set({ payment_reference: paymentReference })
    .where('tenant', '=', tenant)
    .where('payment_id', '=', paymentId)
    .where('payment_reference', 'is', null)
    .execute()
}

async function judgePayment(cloud: Cloud, tx: TenantTransaction, payment: CardPaymentRow): Promise<void> {
  const facts = await paymentFacts(tx, cloud.config.tenant, payment.payment_id)
  const cases: NewCase[] = []
  if (payment.purpose === 'guest') await takeGuestFacts(cloud, tx, payment, facts, cases)
  else await takeCredit(cloud, tx, payment, facts, cases)
  await takeReversals(cloud, tx, payment, facts, cases)
  await openCases(tx, cloud.config.tenant, cloud.clock.nowS(), cases)
}

async function paymentFacts(
  tx: TenantTransaction,
  tenant: OperatorId,
  paymentId: string,
): Promise<PaymentFacts> {
  const rows = await tx
    .selectFrom('card_events')
    .select('news')
    .where('tenant', '=', tenant)
    .where('payment_id', '=', paymentId)
    .orderBy('event_id')
    .execute()
  return factsOf(
    rows.map(({ news }): PaymentNews => {
      const read = readPaymentNews(news)
      assert(read !== undefined, 'kept news are news')
      return read
    }),
  )
}

async function takeCredit(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  { paid, hasFailed, isCancelled }: PaymentFacts,
  cases: NewCase[],
): Promise<void> {
  if (paid === undefined) {
    if (payment.state === 'started' && (hasFailed || isCancelled)) {
      await setPaymentState(cloud, tx, payment.payment_id, hasFailed ? 'failed' : 'cancelled')
    }
    return
  }
  if (paid.amountMinor !== payment.amount_minor || paid.currency !== payment.currency) {
    cases.push(paymentCase(payment, 'card-payment', paid))
    return
  }
  const party = partyOf(payment)
  const posted = await postedKeys(tx, cloud.config.tenant, [payment.payment_id])
  const money = await lockOwnerMoney(tx, cloud.config.tenant, party.owner, party.currency)
  await post(cloud, tx, creditTransfers(party, paid.amountMinor, posted, money))
  await setPaymentState(cloud, tx, payment.payment_id, 'paid')
}

/** Only what came in can be taken back: an early word about it waits for the payment itself. */
async function takeReversals(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  facts: PaymentFacts,
  cases: NewCase[],
): Promise<void> {
  if (facts.refunds.length === 0 && facts.disputes.length === 0) return
  const { tenant } = cloud.config
  const party = partyOf(payment)
  const posted = await postedKeys(tx, tenant, referencesOf(payment.payment_id, facts))
  const cameIn = (['top-up', 'capture'] satisfies TransferKind[]).some((kind) =>
    posted.has(keyText({ reference: payment.payment_id, kind })),
  )
  if (!cameIn) return
  const money = await lockOwnerMoney(tx, tenant, party.owner, party.currency)
  await post(cloud, tx, reversalTransfers(party, facts, posted, money))
  for (const dispute of facts.disputes) {
    if (dispute.standing === 'open') cases.push(paymentCase(payment, 'card-dispute', dispute))
  }
  const failed = facts.refunds.find(({ hasFailed, actId }) => hasFailed && actId !== null)
  if (failed !== undefined) cases.push(paymentCase(payment, 'card-act', failed))
}
