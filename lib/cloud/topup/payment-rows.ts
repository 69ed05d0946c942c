/** Payments by card in the database: what both top-ups and guests need. Always inside the caller's transaction. */

import { currencyCode, type CurrencyCode, type OperatorId } from '@/lib/core/ids'
import { utf8 } from '@/lib/core/bytes'
import type { NewCase } from '../cases/file-evidence'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { CardPaymentRow } from '../database/tables/payments'
import { ownerAccount, receivableAccount, type OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import { keyText, type Transfer, type TransferKind } from '../ledger/transfer'
import type { OwnerMoney, PaymentParty } from './payment-transfers'

export const partyOf = (payment: CardPaymentRow): PaymentParty => ({
  paymentId: payment.payment_id,
  owner: ownerAccount(payment.owner),
  currency: currencyCode(payment.currency),
  author: payment.author,
  provider: payment.provider,
})

export async function postedKeys(
  tx: TenantTransaction,
  tenant: OperatorId,
  references: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('ledger_transfers')
    .select(['reference', 'kind'])
    .where('tenant', '=', tenant)
    .where('reference', 'in', [...references])
    .execute()
  return new Set(rows.map(({ reference, kind }) => keyText({ reference, kind: kind as TransferKind })))
}

export async function lockOwnerMoney(
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: OwnerAccount,
  currency: CurrencyCode,
): Promise<OwnerMoney> {
  const receivable = receivableAccount(owner)
  const balances = await lockedBalancesOf(tx, tenant, [owner, receivable], currency)
  return {
    availableMinor: balances.get(owner)?.availableMinor ?? 0,
    owedMinor: -(balances.get(receivable)?.postedMinor ?? 0),
  }
}

export async function post(
  cloud: Cloud,
  tx: TenantTransaction,
  transfers: readonly Transfer[],
): Promise<void> {
  const posted = await postTransfers(tx, cloud.config.tenant, transfers)
  if (!posted.ok) throw new Error(`A card payment cannot be posted: ${JSON.stringify(posted.error)}`)
}

export async function setPaymentState(
  cloud: Cloud,
  tx: TenantTransaction,
  paymentId: string,
  state: CardPaymentRow['state'],
): Promise<void> {
  await tx
    .updateTable('card_payments')
    .set({ state, updated_at_s: cloud.clock.nowS() })
    .where('tenant', '=', cloud.config.tenant)
    .where('payment_id', '=', paymentId)
    .where('state', '<>', state)
    .execute()
}

/** `told` is what the provider said, kept as the case's evidence; it holds no personal data. */
export function paymentCase(
  payment: Pick<CardPaymentRow, 'payment_id' | 'amount_minor'>,
  kind: 'card-dispute' | 'card-payment' | 'card-act',
  told: { readonly amountMinor: number },
): NewCase {
  const codes = {
    'card-dispute': 'payment.disputed',
    'card-payment': 'payment.mismatch',
    'card-act': 'payment.act',
  } as const
  return {
    kind,
    code: codes[kind],
    paymentId: payment.payment_id,
    facts: { paymentId: payment.payment_id, askedMinor: payment.amount_minor, amountMinor: told.amountMinor },
    evidence: [{ label: 'provider', bytes: utf8(JSON.stringify(told)) }],
  }
}
