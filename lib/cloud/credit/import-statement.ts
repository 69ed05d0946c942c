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
  /** All transfers that the file holds. */
  readonly entries: number
  /** Where to go on in the same file; null: all are taken. */
  readonly next: number | null
}

export interface StatementOrder {
  readonly csv: string
  readonly author: string
  /** How many transfers of the file were taken by the requests before. */
  readonly from?: number | undefined
  /** How many at most are taken now; without it, all. */
  readonly most?: number | undefined
}

export async function importStatement(
  cloud: CreditBooks,
  { csv, author, from = 0, most }: StatementOrder,
): Promise<Result<ImportedStatement, Refusal>> {
  const rows = readCsv(csv, { rowsMax: statementLimits.rowsMax + 1 })
  if (!rows.ok) return rows
  const { missing, entries, refused: unread } = readStatement(rows.value, cloud.config.currency)
  const isFirst = from === 0
  if (isFirst && missing.length === 0)
    await inTenant(cloud.db, cloud.config.tenant, (tx) =>
      writeOperatorAct(cloud, tx, {
        ...{ author, action: 'bank.import', fleetId: null },
        subject: String(entries.length),
      }),
    )
  const until = Math.min(entries.length, from + (most ?? entries.length))
  const counts: Record<RowOutcome, number> = { posted: 0, open: 0, known: 0, differs: 0 }
  const refused = isFirst ? [...unread] : []
  for (const entry of entries.slice(from, until)) {
    const outcome = await takeEntry(cloud, entry, author)
    counts[outcome] += 1
    if (outcome === 'differs') refused.push({ line: entry.line, fault: 'differs' })
  }
  const { posted, open, known } = counts
  refused.sort((left, right) => left.line - right.line)
  const next = until < entries.length ? until : null
  return ok({ ...{ missing, posted, open, known, refused }, entries: entries.length, next })
}
