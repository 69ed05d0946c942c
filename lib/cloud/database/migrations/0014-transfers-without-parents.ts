/**
 * Looking both accounts up for every single transfer was half the cost of posting, and it locked the rows of revenue and
 * tax, which every session touches, until the end of each transaction. Transfers are written by one command, which has
 * locked or created their accounts by then; accounts are never deleted; and the proof of the books finds a transfer
 * without one.
 */

import type { Migration } from './migration'

export const transfersWithoutParents: Migration = {
  id: '0014-transfers-without-parents',
  sql: `
    alter table ledger_transfers drop constraint ledger_transfers_tenant_debit_currency_fkey;
    alter table ledger_transfers drop constraint ledger_transfers_tenant_credit_currency_fkey;
  `,
}
