/** A bank's statement, brought in by the operator. However often the same file comes, each transfer counts once. */

import { ok, type Result } from '@/lib/core/result'
import type { Refusal } from '@/lib/core/reason'
import { readCsv } from '@/lib/format/csv-read'
import { inTenant } from '../database/connection'
import { writeOperatorAct } from '../operator/act-line'
import type { CreditBooks } from './books'
import { takeEntry, type RowOutcome } from './bank-rows'
import { readStatement, statementLimits, type BankColumn, type RefusedRow } from './bank-statement'

export interface ImportedStatement {
  /** Columns without which nothing was read. */
  readonly missing: readonly BankColumn[]
  readonly posted: number
  /** Waiting for somebody to say whose they are. */
  readonly open: number
  /** Taken before, from this file or another. */
  readonly known: number
  readonly refused: readonly RefusedRow[]
}

export async function importStatement(
  cloud: CreditBooks,
  order: { readonly csv: string; readonly author: string },
): Promise<Result<ImportedStatement, Refusal>> {
  const rows = readCsv(order.csv, { rowsMax: statementLimits.rowsMax + 1 })
  if (!rows.ok) return rows
  const statement = readStatement(rows.value, cloud.config.currency)
  const counts: Record<RowOutcome, number> = { posted: 0, open: 0, known: 0, differs: 0 }
  const refused = [...statement.refused]
  for (const entry of statement.entries) {
    const outcome = await takeEntry(cloud, entry, order.author)
    counts[outcome] += 1
    if (outcome === 'differs') refused.push({ line: entry.line, fault: 'differs' })
  }
  if (statement.missing.length === 0)
    await inTenant(cloud.db, cloud.config.tenant, (tx) =>
      writeOperatorAct(cloud, tx, {
        ...{ author: order.author, action: 'bank.import', fleetId: null },
        subject: String(statement.entries.length),
      }),
    )
  const { posted, open, known } = counts
  refused.sort((left, right) => left.line - right.line)
  return ok({ missing: statement.missing, posted, open, known, refused })
}
