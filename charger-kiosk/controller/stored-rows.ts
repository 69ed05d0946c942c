/** Reading the rows beside the journal. */

import { err, ok, type Result } from '@/lib/core/result'
import { journalFault, type Journal, type JournalFault } from '@/lib/journal/journal'
import type { DecodeFault } from '@/lib/protocol/cbor'
import type { KioskTable } from '../session/records'

type Decode<T> = (bytes: Uint8Array) => Result<T, DecodeFault>

/** A row that cannot be read throws: deciding about money without it would be worse than not deciding. */
export function known<T>(result: Result<T, JournalFault | DecodeFault>): T {
  if (result.ok) return result.value
  throw new Error(`A stored row cannot be read: ${JSON.stringify(result.error)}`)
}

export function readRow<T>(
  journal: Journal<KioskTable>,
  table: KioskTable,
  key: string,
  decode: Decode<T>,
): Result<T | undefined, JournalFault> {
  const row = journal.get(table, key)
  if (!row.ok) return row
  if (row.value === undefined) return ok(undefined)
  const decoded = decode(row.value)
  return decoded.ok ? decoded : err(journalFault('damaged', `Row ${table}/${key}: ${decoded.error.kind}`))
}

/** All rows of a small table. */
export function readAll<T>(
  journal: Journal<KioskTable>,
  table: KioskTable,
  decode: Decode<T>,
): Result<Map<string, T>, JournalFault> {
  const all = new Map<string, T>()
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = journal.list(table, after)
    if (!page.ok) return page
    after = page.value.at(-1)?.key
    for (const { key, value } of page.value) {
      const decoded = decode(value)
      if (!decoded.ok) return err(journalFault('damaged', `Row ${table}/${key}: ${decoded.error.kind}`))
      all.set(key, decoded.value)
    }
  }
  return ok(all)
}
