/**
 * Credit from cards: a driver's, a fleet's, and a guest's for one session. A request only begins a payment; credit is
 * posted by the provider's webhook and by nothing else.
 */

import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import type { Grant } from '@/lib/protocol/messages/grant'
import { freshSerial, readKey } from '../issuance/grant-books'
import type { Cloud } from '../context'
import { transact } from '../database/connection'
import type { CardPaymentRow } from '../database/tables/payments'
import { cardClearingAccount, guestAccount, ownerAccount, type OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { hashSecret, randomId } from '../secrets'
import { sweepGuests } from './guest-sweep'
import { planAct, workOnActs } from './provider-acts'
import {
  guestProgressOf,
  paymentOfToken,
  topUpProgressOf,
  type GuestProgress,
  type TopUpProgress,
} from './queries'
import { startPayment } from './start-payment'

export interface TopUp {
  readonly owner: OwnerAccount
  readonly amountMinor: number
  readonly currency: CurrencyCode
  /** Only where the provider asks for it. */
  readonly cardNumber?: string
  readonly idempotencyKey: string
  /** Who asks: an account's id. */
  readonly author: string
}

/** Whole currency units in one top-up: below, card fees eat it; above, it is a bank transfer. */
export const topUpRange = { least: 5, most: 500 } as const
/** A fleet pays for many drivers at once. */
export const fleetTopUpMost = 50_000
/** A guest's hold: at most what one session may cost. */
export const guestRange = { least: 5, most: riskDefaults.roamingSessionCap } as const

/** How the payment stands now. The same key gives the same payment; with another amount it is `api.conflict`. */
export async function topUp(cloud: Cloud, request: TopUp): Promise<Result<TopUpProgress, Refusal>> {
  const { tenant } = cloud.config
  const isFleet = request.owner.startsWith('fleet:')
  const checked = checkAmount(cloud, request, { ...topUpRange, ...(isFleet && { most: fleetTopUpMost }) })
  if (!checked.ok) return checked
  const started = await startPayment(cloud, {
    purpose: 'top-up',
    paymentId: randomId(cloud.random),
    owner: request.owner,
    amountMinor: request.amountMinor,
    currency: request.currency,
    cardNumber: request.cardNumber,
    author: request.author,
    title: 'Outpost',
    returnPath: isFleet ? '/fleet/credit' : '/top-up',
    idempotencyKey: request.idempotencyKey,
    find: (tx) =>
      tx
        .selectFrom('card_payments')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('owner', '=', request.owner)
        .where('idempotency_key', '=', request.idempotencyKey)
        .executeTakeFirst(),
  })
  if (!started.ok) return started
  const refused = refusalOf(started.value)
  if (refused !== undefined) return err(refused)
  return transact(cloud.db, tenant, async (tx) => ok(await topUpProgressOf(cloud, tx, started.value)))
}

export interface GuestOrder {
  readonly amountMinor: number
  readonly currency: CurrencyCode
  readonly cardNumber?: string
  readonly deviceKey: string
  readonly keyProtection: Grant['keyProtection']
  /** Drawn by the phone, which alone may fetch the grant with it; also names the order. */
  readonly claimToken: string
}

/** A driver without an account: so much is set aside on a card, and a grant for one session stands for it. */
export async function startGuestPayment(
  cloud: Cloud,
  order: GuestOrder,
): Promise<Result<GuestProgress, Refusal>> {
  const { tenant } = cloud.config
  const deviceKey = readKey(order.deviceKey)
  if (deviceKey === undefined) return err(refusal('phone.key'))
  const checked = checkAmount(cloud, order, guestRange)
  if (!checked.ok) return checked
  const tokenHash = hashSecret(order.claimToken)
  // Two requests at once must be one payment, and a hash of the hash tells nothing of the token.
  const paymentId = hashSecret(tokenHash).slice(0, 32)
  const started = await startPayment(cloud, {
    purpose: 'guest',
    paymentId,
    owner: guestAccount(paymentId),
    amountMinor: order.amountMinor,
    currency: order.currency,
    cardNumber: order.cardNumber,
    author: 'guest',
    title: 'Outpost',
    returnPath: '/guest',
    idempotencyKey: tokenHash,
    find: (tx) => paymentOfToken(tx, tenant, tokenHash),
    keep: async (tx) => {
      await tx
        .insertInto('guest_grants')
        .values({
          tenant,
          payment_id: paymentId,
          token_hash: tokenHash,
          serial: await freshSerial(cloud, tx),
          device_key: deviceKey,
          key_protection: order.keyProtection,
          authorized_at_s: null,
          not_after_s: null,
          looked_at_s: null,
          look_after_s: null,
        })
        .execute()
    },
  })
  if (!started.ok) return started
  const refused = refusalOf(started.value)
  if (refused !== undefined) return err(refused)
  return transact(cloud.db, tenant, async (tx) => ok(await guestProgressOf(cloud, tx, started.value)))
}

/**
 * Gives credit back to the card that it came from, at most what the owner has left of it. `refundKey` names the
 * refund: repeated, it gives nothing twice.
 */
export async function refundTopUp(
  cloud: Cloud,
  request: {
    readonly topUpId: string
    readonly amountMinor: MinorUnits
    readonly refundKey: string
    readonly author: string
  },
): Promise<Result<undefined, Refusal>> {
  const { tenant } = cloud.config
  const { topUpId, amountMinor, author } = request
  return transact(cloud.db, tenant, async (tx) => {
    const payment = await tx
      .selectFrom('card_payments')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('payment_id', '=', topUpId)
      .forUpdate()
      .executeTakeFirst()
    if (payment?.purpose !== 'top-up' || payment.state !== 'paid') return err(refusal('api.not-found'))
    const suffix = `refund-${hashSecret(request.refundKey).slice(0, 16)}`
    const acts = await tx
      .selectFrom('card_acts')
      .select(['act_id', 'amount_minor'])
      .where('tenant', '=', tenant)
      .where('payment_id', '=', topUpId)
      .execute()
    if (acts.some((act) => act.act_id === `${topUpId}/${suffix}`)) return ok(undefined)
    const before = acts.reduce((sum, act) => sum + act.amount_minor, 0)
    if (amountMinor <= 0 || before + amountMinor > payment.amount_minor) return err(refusal('account.amount'))
    const reference = await planAct(cloud, tx, {
      payment_id: topUpId,
      kind: 'refund',
      amount_minor: amountMinor,
      suffix,
    })
    const posted = await postTransfers(tx, tenant, [
      {
        reference,
        kind: 'card-refund',
        effect: 'post',
        debit: ownerAccount(payment.owner),
        credit: cardClearingAccount,
        currency: cloud.config.currency,
        amountMinor,
        reason: 'refund',
        author,
      },
    ])
    return posted.ok ? ok(undefined) : err(refusal('account.insufficient-funds'))
  })
}

/** What time and evidence bring due, and what the provider is to be asked. Gives how much there was to do. */
export async function workOnPayments(cloud: Cloud): Promise<number> {
  const looked = await sweepGuests(cloud)
  return looked + (await workOnActs(cloud))
}

function checkAmount(
  { config }: Cloud,
  { amountMinor, currency }: { readonly amountMinor: number; readonly currency: string },
  range: { readonly least: number; readonly most: number },
): Result<undefined, Refusal> {
  if (currency !== config.currency) return err(refusal('account.amount'))
  const bounds = {
    minimumMinor: wholeUnits(range.least, config.currency),
    maximumMinor: wholeUnits(range.most, config.currency),
  }
  const isWithin = amountMinor >= bounds.minimumMinor && amountMinor <= bounds.maximumMinor
  return isWithin ? ok(undefined) : err(refusal('account.amount', bounds))
}

const refusalOf = ({ state }: CardPaymentRow): Refusal | undefined =>
  state === 'failed'
    ? refusal('account.card-declined')
    : state === 'cancelled'
      ? refusal('payment.cancelled')
      : undefined

/** In minor units, for screens. */
export const guestBounds = (
  currency: CurrencyCode,
): { minimumMinor: MinorUnits; maximumMinor: MinorUnits } => ({
  minimumMinor: minorUnits(wholeUnits(guestRange.least, currency)),
  maximumMinor: minorUnits(wholeUnits(guestRange.most, currency)),
})
