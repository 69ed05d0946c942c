/**
 * What the card provider says about a guest's payment, in the books: a promise of the card becomes a grant for one
 * spend, a capture pays for what was promised, a cancellation ends the promise. Inside the caller's transaction, which
 * holds the payment.
 */

import type { Selectable } from 'kysely'
import { currencyCode, grantSerial, publicKey } from '@/lib/core/ids'
import { addSeconds, minorUnits } from '@/lib/core/units'
import type { NewCase } from '../cases/file-evidence'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { CardPaymentRow, GuestGrantRow as GuestGrantColumns } from '../database/tables/payments'
import { revokeGrant } from '../issuance/commands'
import { keepGrant, releaseAfter } from '../issuance/grant-books'
import { signGrant } from '../issuance/grants'
import { cardAuthorizedAccount, guestAccount, reserveAccount, type LedgerAccount } from '../ledger/accounts'
import { lockedBalancesOf } from '../ledger/queries'
import { keyText } from '../ledger/transfer'
import {
  captureTransfers,
  lapseTransfers,
  preauthoriseTransfers,
  type GuestMoney,
  type GuestParty,
} from './guest-transfers'
import type { Money, PaymentFacts } from './payment-event'
import { paymentCase, post, postedKeys, setPaymentState } from './payment-rows'

export type GuestGrantRow = Selectable<GuestGrantColumns>

/** How long a guest may start charging. */
export const guestGrantHours = 24

export async function takeGuestFacts(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  facts: PaymentFacts,
  cases: NewCase[],
): Promise<void> {
  const { preauthorised, captured, isCancelled, hasFailed } = facts
  const id = payment.payment_id
  const guest = await guestRow(cloud, tx, id)
  const posted = await postedKeys(tx, cloud.config.tenant, [id])
  const has = (kind: 'preauthorise' | 'capture' | 'capture-extra'): boolean =>
    posted.has(keyText({ reference: id, kind }))
  if (!has('preauthorise')) {
    // A promise that was taken back before we heard of it was never there.
    const isOver = isCancelled || (hasFailed && preauthorised === undefined)
    if (captured === undefined && isOver) {
      await setPaymentState(cloud, tx, id, isCancelled ? 'cancelled' : 'failed')
      return
    }
    if (preauthorised === undefined) return
    if (!isAsAsked(payment, preauthorised)) {
      cases.push(paymentCase(payment, 'card-payment', preauthorised))
      return
    }
    await openGuestGrant(cloud, tx, payment, guest)
  }
  const party = guestParty(payment, guest)
  if (captured !== undefined) {
    if (has('capture') || has('capture-extra')) return
    const money = await lockGuestMoney(cloud, tx, party)
    await post(cloud, tx, captureTransfers(party, captured.amountMinor, money))
    await setPaymentState(cloud, tx, id, 'captured')
    await lookAgain(cloud, tx, id)
    const act = await askedCapture(cloud, tx, id)
    if (act !== captured.amountMinor) cases.push(paymentCase(payment, 'card-payment', captured))
  } else if (isCancelled && payment.state !== 'cancelled') {
    await endPromise(cloud, tx, payment, party, guest.not_after_s)
  }
}

const isAsAsked = (payment: CardPaymentRow, { amountMinor, currency }: Money): boolean =>
  amountMinor === payment.amount_minor && currency === payment.currency

/** From now on the phone may fetch its grant. */
async function openGuestGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  guest: GuestGrantRow,
): Promise<void> {
  const { tenant } = cloud.config
  const party = guestParty(payment, guest)
  const owner = guestAccount(payment.payment_id)
  const nowS = cloud.clock.nowS()
  const notAfterS = addSeconds(nowS, guestGrantHours * 3_600)
  await post(cloud, tx, preauthoriseTransfers(party, payment.amount_minor))
  await tx
    .insertInto('reserves')
    .values({
      tenant,
      serial: guest.serial,
      owner,
      currency: payment.currency,
      release_after_s: releaseAfter(notAfterS),
      released_at_s: null,
    })
    .execute()
  const capMinor = minorUnits(payment.amount_minor)
  const signed = await signGrant(cloud, {
    serial: party.serial,
    deviceKey: publicKey(guest.device_key),
    holder: owner,
    currency: party.currency,
    capMinor,
    sessionCapMinor: capMinor,
    spendsMax: 1,
    notAfterS,
    keyProtection: guest.key_protection,
  })
  await keepGrant(cloud, tx, signed.payload, signed.bytes, owner, null)
  await setPaymentState(cloud, tx, payment.payment_id, 'authorized')
  await tx
    .updateTable('guest_grants')
    .set({ authorized_at_s: nowS, not_after_s: notAfterS, looked_at_s: nowS, look_after_s: nowS })
    .where('tenant', '=', tenant)
    .where('payment_id', '=', payment.payment_id)
    .execute()
}

/** We asked for it, or the card's bank took its promise back. Chargers hear that the grant is worth nothing now. */
async function endPromise(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
  party: GuestParty,
  notAfterS: number | null,
): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  await lockReserve(cloud, tx, party)
  const money = await lockGuestMoney(cloud, tx, party)
  await post(cloud, tx, lapseTransfers(party, money))
  await tx
    .updateTable('reserves')
    .set({ released_at_s: nowS })
    .where('tenant', '=', tenant)
    .where('serial', '=', party.serial)
    .execute()
  await setPaymentState(cloud, tx, payment.payment_id, 'cancelled')
  if (notAfterS !== null && notAfterS > nowS) {
    await revokeGrant(cloud, tx, party.serial, notAfterS, 'card-promise-ended')
  }
  await tx
    .updateTable('guest_grants')
    .set({ look_after_s: null })
    .where('tenant', '=', tenant)
    .where('payment_id', '=', payment.payment_id)
    .execute()
}

async function askedCapture(
  cloud: Cloud,
  tx: TenantTransaction,
  paymentId: string,
): Promise<number | undefined> {
  const act = await tx
    .selectFrom('card_acts')
    .select('amount_minor')
    .where('tenant', '=', cloud.config.tenant)
    .where('payment_id', '=', paymentId)
    .where('kind', '=', 'capture')
    .executeTakeFirst()
  return act?.amount_minor
}

async function lookAgain(cloud: Cloud, tx: TenantTransaction, paymentId: string): Promise<void> {
  await tx
    .updateTable('guest_grants')
    .set({ look_after_s: cloud.clock.nowS() })
    .where('tenant', '=', cloud.config.tenant)
    .where('payment_id', '=', paymentId)
    .execute()
}

const guestRow = (cloud: Cloud, tx: TenantTransaction, paymentId: string): Promise<GuestGrantRow> =>
  tx
    .selectFrom('guest_grants')
    .selectAll()
    .where('tenant', '=', cloud.config.tenant)
    .where('payment_id', '=', paymentId)
    .executeTakeFirstOrThrow()

export const guestParty = (
  payment: Pick<CardPaymentRow, 'payment_id' | 'currency'>,
  guest: Pick<GuestGrantRow, 'serial'>,
): GuestParty => ({
  paymentId: payment.payment_id,
  serial: grantSerial(guest.serial),
  currency: currencyCode(payment.currency),
})

/** Before the accounts, as everywhere: no session of the grant is half posted while it is held. */
export async function lockReserve(
  cloud: Cloud,
  tx: TenantTransaction,
  { serial }: GuestParty,
): Promise<void> {
  await tx
    .selectFrom('reserves')
    .select('serial')
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', serial)
    .forUpdate()
    .execute()
}

export async function lockGuestMoney(
  cloud: Cloud,
  tx: TenantTransaction,
  { paymentId, serial, currency }: GuestParty,
): Promise<GuestMoney> {
  const card = cardAuthorizedAccount(paymentId)
  const owner: LedgerAccount = guestAccount(paymentId)
  const reserve = reserveAccount(serial)
  const balances = await lockedBalancesOf(tx, cloud.config.tenant, [card, owner, reserve], currency)
  return {
    cardMinor: balances.get(card)?.postedMinor ?? 0,
    reserveMinor: balances.get(reserve)?.postedMinor ?? 0,
    pendingMinor: balances.get(reserve)?.pendingMinor ?? 0,
    ownerMinor: balances.get(owner)?.availableMinor ?? 0,
  }
}
