/**
 * Looks after guests' payments: captures what a session cost, lets go what was not used, takes the whole promise
 * before it runs out, and gives back what was too much. Each look is one transaction that moves the money and writes
 * down what the provider is to be asked; asking comes afterwards.
 */

import { sql } from 'kysely'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { CardPaymentRow } from '../database/tables/payments'
import { guestParty, lockGuestMoney, lockReserve, type GuestGrantRow } from './guest-facts'
import {
  decideGuest,
  lapseTransfers,
  refundTransfers,
  releaseTransfers,
  type GuestDecision,
  type GuestMoney,
  type GuestParty,
  type GuestStanding,
} from './guest-transfers'
import { post, setPaymentState } from './payment-rows'
import { planAct } from './provider-acts'

const dayS = 86_400
/** Cards keep a promise for seven days; one is left for providers and weekends. */
const overdueS = 6 * dayS
/** Late receipts and lower ones still come until the holds have run out, and a while longer. */
const watchedS = 60 * dayS
const lookEveryS = { authorized: 300, captured: 6 * 3_600 } as const
/** A log that reaches this much past a grant's end holds every session that began under it. */
const logMarginS = 3_600
const guestsPerCall = 64

/** Gives how many guests it looked at. */
export async function sweepGuests(cloud: Cloud): Promise<number> {
  const due = await dueGuests(cloud)
  for (const paymentId of due)
    await inTenant(cloud.db, cloud.config.tenant, (tx) => look(cloud, tx, paymentId))
  return due.length
}

/** Whose time has come, and whose sessions have news. */
async function dueGuests(cloud: Cloud): Promise<readonly string[]> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  return inTenant(cloud.db, tenant, async (tx) => {
    const { rows } = await sql<{ payment_id: string }>`
      select g.payment_id from guest_grants g
      where g.tenant = ${tenant} and g.look_after_s is not null and (
        g.look_after_s <= ${nowS}::bigint or exists (
          select from charging_sessions s
          where s.tenant = ${tenant} and s.serial = g.serial and s.updated_at_s >= g.looked_at_s))
      order by g.look_after_s, g.payment_id limit ${guestsPerCall}`.execute(tx)
    return rows.map((row) => row.payment_id)
  })
}

async function look(cloud: Cloud, tx: TenantTransaction, paymentId: string): Promise<void> {
  const { tenant } = cloud.config
  const payment = await tx
    .selectFrom('card_payments')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('payment_id', '=', paymentId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const guest = await tx
    .selectFrom('guest_grants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('payment_id', '=', paymentId)
    .executeTakeFirstOrThrow()
  const { state } = payment
  if (state === 'authorized' || state === 'captured') {
    const party = guestParty(payment, guest)
    await lockReserve(cloud, tx, party)
    const standing = await standingOf(cloud, tx, payment, guest, party, state)
    await act(cloud, tx, party, decideGuest(standing), standing.money)
  }
  await noteLook(cloud, tx, payment, guest)
}

async function standingOf(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  guest: GuestGrantRow,
  party: GuestParty,
  state: 'authorized' | 'captured',
): Promise<GuestStanding> {
  const nowS = cloud.clock.nowS()
  const { rows } = await sql<{ known: number; open: number; disputed: number }>`
    select count(*) as known, count(*) filter (where hold_state <> 'resolved') as open,
      coalesce(sum(disputed_minor), 0)::bigint as disputed
    from charging_sessions where tenant = ${cloud.config.tenant} and serial = ${guest.serial}`.execute(tx)
  const found = rows[0]
  const notAfterS = guest.not_after_s ?? nowS
  const hasExpired = nowS > notAfterS
  return {
    state,
    holdMinor: payment.amount_minor,
    sessions: (found?.known ?? 0) === 0 ? 'none' : (found?.open ?? 0) > 0 ? 'open' : 'decided',
    isDisputed: (found?.disputed ?? 0) > 0,
    hasExpired,
    logsReachEnd: hasExpired && (await doLogsReach(cloud, tx, notAfterS + logMarginS)),
    isOverdue: nowS >= (guest.authorized_at_s ?? nowS) + overdueS,
    money: await lockGuestMoney(cloud, tx, party),
  }
}

/** By the charger's clock and by ours: neither alone is to be believed. */
async function doLogsReach(cloud: Cloud, tx: TenantTransaction, timeS: number): Promise<boolean> {
  const { tenant } = cloud.config
  const { rows } = await sql<{ lagging: boolean }>`
    select exists (
      select from charger_certificates c
      where c.tenant = ${tenant} and not exists (
        select from device_logs l
        where l.tenant = ${tenant} and l.device = c.charger_id
          and l.checkpoint_at_s >= ${timeS}::bigint and l.updated_at_s >= ${timeS}::bigint)) as lagging`.execute(
    tx,
  )
  return rows[0]?.lagging === false
}

async function act(
  cloud: Cloud,
  tx: TenantTransaction,
  party: GuestParty,
  decision: GuestDecision,
  money: GuestMoney,
): Promise<void> {
  const { paymentId } = party
  switch (decision.kind) {
    case 'wait':
      return
    case 'lose':
      return post(cloud, tx, lapseTransfers(party, money))
    case 'cancel':
    case 'capture': {
      const { kind } = decision
      await post(cloud, tx, releaseTransfers(party, decision, money))
      const amount = kind === 'capture' ? decision.amountMinor : 0
      await planAct(cloud, tx, { payment_id: paymentId, kind, amount_minor: amount, suffix: kind })
      return setPaymentState(cloud, tx, paymentId, kind === 'capture' ? 'capturing' : 'cancelling')
    }
    case 'refund': {
      const suffix = `refund-${await countRefund(cloud, tx, paymentId)}`
      const refund = refundTransfers(party, decision.amountMinor, money, `${paymentId}/${suffix}`)
      await post(cloud, tx, refund.transfers)
      if (refund.refundMinor === 0) return
      await planAct(cloud, tx, {
        payment_id: paymentId,
        kind: 'refund',
        amount_minor: refund.refundMinor,
        suffix,
      })
    }
  }
}

/** Names the next refund; the caller holds the payment. */
async function countRefund(cloud: Cloud, tx: TenantTransaction, paymentId: string): Promise<number> {
  const { refunds } = await tx
    .updateTable('guest_grants')
    .set(({ eb }) => ({ refunds: eb('refunds', '+', 1) }))
    .where('tenant', '=', cloud.config.tenant)
    .where('payment_id', '=', paymentId)
    .returning('refunds')
    .executeTakeFirstOrThrow()
  return refunds
}

async function noteLook(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  guest: GuestGrantRow,
): Promise<void> {
  const nowS = cloud.clock.nowS()
  const isOver = payment.state === 'cancelled' || nowS > (guest.authorized_at_s ?? nowS) + watchedS
  const pause = payment.state === 'captured' ? lookEveryS.captured : lookEveryS.authorized
  await tx
    .updateTable('guest_grants')
    .set({ looked_at_s: nowS, look_after_s: isOver ? null : nowS + pause })
    .where('tenant', '=', cloud.config.tenant)
    .where('payment_id', '=', payment.payment_id)
    .execute()
}
