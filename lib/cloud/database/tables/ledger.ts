/** The operator itself, and its double-entry books. */

import type { Generated } from 'kysely'
import type { CreatedAt } from './created-at'

export interface TenantRow {
  tenant: string
  name: string
  currency: string
  revocation_epoch: Generated<number>
  policy_epoch: Generated<number>
  trust_sequence: Generated<number>
  /** Where its data stays; null: nowhere in particular. */
  region: string | null
  created_at: CreatedAt
}

export interface LedgerAccountRow {
  tenant: string
  account: string
  currency: string
  class: string
  posted_debits: Generated<number>
  posted_credits: Generated<number>
  pending_debits: Generated<number>
  pending_credits: Generated<number>
  created_at: CreatedAt
}

export interface LedgerTransferRow {
  tenant: string
  reference: string
  kind: string
  debit: string
  credit: string
  currency: string
  amount_minor: number
  effect: string
  resolves_reference: string | null
  resolves_kind: string | null
  reason: string
  author: string
  created_at: CreatedAt
}

/** Where this database stands: one row, or none where nobody has said. */
interface RegionRow {
  one: number
  region: string
}

export interface LedgerTables {
  tenants: TenantRow
  regions_here: RegionRow
  ledger_accounts: LedgerAccountRow
  ledger_transfers: LedgerTransferRow
}
