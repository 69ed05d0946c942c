/** How payments stand, for whoever waits for one; and what the payer is asked for. */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { currencyCode } from '@/lib/core/ids'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import type { CardPaymentRow } from '../database/tables/payments'
import { ownerAccount, type OwnerAccount } from '../ledger/accounts'
import { balanceOf } from '../ledger/queries'
import { hashSecret } from '../secrets'

export type TopUpProgress = { readonly topUpId: string; readonly amountMinor: number } & (
  | { readonly state: 'paid'; readonly balanceMinor: number }
  /** The payer goes to the provider's page. */
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  /** The provider has not said yet what came of it. */
  | { readonly state: 'waiting' | 'failed' | 'cancelled' }
)

export type GuestProgress =
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'waiting' }
  | { readonly state: 'ready'; readonly grant: Bytes }
  | { readonly state: 'failed' | 'cancelled' }

/** One top-up of this owner, or `api.not-found`. */
export const topUpProgress = (
  cloud: Cloud,
  owner: OwnerAccount,
  topUpId: string,
): Promise<Result<TopUpProgress, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const payment = await tx
      .selectFrom('card_payments')
      .selectAll()
      .where('tenant', '=', cloud.config.tenant)
      .where('payment_id', '=', topUpId)
      .where('owner', '=', owner)
      .executeTakeFirst()
    return payment === undefined
      ? err(refusal('api.not-found'))
      : ok(await topUpProgressOf(cloud, tx, payment))
  })

export async function topUpProgressOf(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
): Promise<TopUpProgress> {
  const about = { topUpId: payment.payment_id, amountMinor: payment.amount_minor }
  switch (payment.state) {
    case 'paid': {
      const owner = ownerAccount(payment.owner)
      const { availableMinor } = await balanceOf(
        tx,
        cloud.config.tenant,
        owner,
        currencyCode(payment.currency),
      )
      return { ...about, state: 'paid', balanceMinor: availableMinor }
    }
    case 'failed':
    case 'cancelled':
      return { ...about, state: payment.state }
    default:
      return payment.checkout_url === null
        ? { ...about, state: 'waiting' }
        : { ...about, state: 'redirect', checkoutUrl: payment.checkout_url }
  }
}

/** The payment whose phone drew this token, or `api.not-found`. */
export const guestProgress = (cloud: Cloud, claimToken: string): Promise<Result<GuestProgress, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const payment = await paymentOfToken(tx, cloud.config.tenant, hashSecret(claimToken))
    return payment === undefined
      ? err(refusal('api.not-found'))
      : ok(await guestProgressOf(cloud, tx, payment))
  })

export const paymentOfToken = (
  tx: TenantTransaction,
  tenant: string,
  tokenHash: string,
): Promise<CardPaymentRow | undefined> =>
  tx
    .selectFrom('card_payments')
    .innerJoin('guest_grants', (join) =>
      join
        .onRef('guest_grants.tenant', '=', 'card_payments.tenant')
        .onRef('guest_grants.payment_id', '=', 'card_payments.payment_id'),
    )
    .selectAll('card_payments')
    .where('card_payments.tenant', '=', tenant)
    .where('guest_grants.token_hash', '=', tokenHash)
    .executeTakeFirst()

export async function guestProgressOf(
  cloud: Cloud,
  tx: TenantTransaction,
  payment: CardPaymentRow,
): Promise<GuestProgress> {
  if (payment.state === 'failed' || payment.state === 'cancelled') return { state: payment.state }
  if (payment.state !== 'started') {
    const { bytes } = await tx
      .selectFrom('grants')
      .innerJoin('guest_grants', (join) =>
        join
          .onRef('guest_grants.tenant', '=', 'grants.tenant')
          .onRef('guest_grants.serial', '=', 'grants.serial'),
      )
      .select('grants.bytes')
      .where('grants.tenant', '=', cloud.config.tenant)
      .where('guest_grants.payment_id', '=', payment.payment_id)
      .executeTakeFirstOrThrow()
    return { state: 'ready', grant: toBytes(bytes) }
  }
  return payment.checkout_url === null
    ? { state: 'waiting' }
    : { state: 'redirect', checkoutUrl: payment.checkout_url }
}
