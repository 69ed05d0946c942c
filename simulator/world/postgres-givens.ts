/** What a world on PostgreSQL takes as given, without the commands of the server: paid credit, passkeys, a card provider. */

import type { Insertable } from 'kysely'
import type { CurrencyCode } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import type { AccountRow, PasskeyRow } from '@/lib/cloud/database/tables/accounts'
import { cardClearingAccount, type OwnerAccount } from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import type { CardProvider } from '@/lib/cloud/topup/card-provider'
import type { CardAct, WorldCards } from './world-cards'

/** The sandbox, with every act also on the bank statement that the oracle reads. */
export function recordedBy(statement: WorldCards, provider: CardProvider): CardProvider {
  const recorded =
    (kind: CardAct['kind']): CardProvider['capture'] =>
    (act) => {
      statement.act({ actId: act.actId, paymentId: act.paymentId, kind, amountMinor: act.amountMinor })
      return provider[kind](act)
    }
  return { ...provider, capture: recorded('capture'), cancel: recorded('cancel'), refund: recorded('refund') }
}

export const paidIn = (
  owner: OwnerAccount,
  reference: string,
  amountMinor: number,
  currency: CurrencyCode,
): Transfer => ({
  reference,
  kind: 'top-up',
  effect: 'post',
  debit: cardClearingAccount,
  credit: owner,
  currency,
  amountMinor: minorUnits(amountMinor),
  reason: 'card',
  author: reference,
})

export const passkeyRow = (
  { tenant, account_id, created_at_s }: Insertable<AccountRow>,
  { credentialId, algorithm, publicKey: key }: PasskeyInfo,
): Insertable<PasskeyRow> => ({
  tenant,
  account_id,
  created_at_s,
  credential_id: credentialId,
  algorithm,
  step_up_key: key,
  cose_key: Buffer.from(key, 'hex'),
  sign_count: 0,
  transports: [],
})
