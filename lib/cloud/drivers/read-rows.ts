/** A file that a fleet brings, row by row: what is good, and of the rest which cell is wrong and why. Pure. */

import { z } from 'zod'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { readCsv } from '@/lib/format/csv-read'
import { csvText, withoutGuard } from '@/lib/format/csv-write'
import { importKeyOf, rosterLimits, type Cells, type RosterKind } from './roster-kinds'

export type RowFault = 'missing' | 'too-long' | 'characters' | 'email' | 'class' | 'twice' | 'cells'

export interface RefusedRow {
  readonly line: number
  readonly column: string
  readonly code: RowFault
  readonly value: string
}

export interface GoodRow {
  readonly line: number
  readonly cells: Cells
}

export interface ReadRows {
  readonly good: readonly GoodRow[]
  readonly refused: readonly RefusedRow[]
  /** The refused rows as they came, with their head; empty: none. */
  readonly refusedCsv: string
  /** Columns that the file has; of the others a known row keeps what it has. */
  readonly columns: readonly string[]
}

const columnNames = {
  drivers: ['name', 'reference', 'email'],
  vehicles: ['plate', 'name', 'class'],
} as const
const charsMax: Readonly<Record<string, number>> = {
  name: rosterLimits.nameCharsMax,
  reference: rosterLimits.referenceCharsMax,
  email: rosterLimits.emailCharsMax,
  plate: rosterLimits.plateCharsMax,
}
const shownCharsMax = 60
const email = z.email()

type Fault = Omit<RefusedRow, 'line'>

/** Refused as a whole: no table, too many rows, or a head without the column that every row needs. */
export function readRows(kind: RosterKind, csv: string): Result<ReadRows, Refusal> {
  const table = readCsv(csv, { rowsMax: rosterLimits.importRowsMax + 1 })
  if (!table.ok) return table
  const [{ cells: head } = { cells: [] }, ...rows] = table.value
  const names = head.map((cell) => cell.trim().toLowerCase())
  const [needed] = columnNames[kind]
  if (!names.includes(needed)) return err(refusal('api.malformed'))
  const seen = new Set<string>()
  const good: GoodRow[] = []
  const refused: RefusedRow[] = []
  const back: (readonly string[])[] = []
  for (const { line, cells } of rows) {
    const row = cells.map(withoutGuard)
    if (row.every((cell) => cell.trim() === '')) continue
    const read = row.length > head.length ? tooMany(row) : cellsOf(kind, names, row)
    const key = 'cells' in read ? importKeyOf(read.cells) : ''
    if ('cells' in read && !seen.has(key)) {
      seen.add(key)
      good.push({ line, cells: read.cells })
      continue
    }
    refused.push({ line, ...('cells' in read ? twice(kind, read.cells) : read.fault) })
    back.push(head.map((_name, at) => row[at] ?? ''))
  }
  const refusedCsv = back.length === 0 ? '' : csvText([head, ...back], csv.includes(';') ? ';' : ',')
  return ok({ good, refused, refusedCsv, columns: columnNames[kind].filter((name) => names.includes(name)) })
}

const tooMany = (row: readonly string[]): { readonly fault: Fault } => ({
  fault: { column: '', code: 'cells', value: row.join(' ').slice(0, shownCharsMax) },
})

function twice(kind: RosterKind, cells: Cells): Fault {
  if ('plate' in cells) return { column: 'plate', code: 'twice', value: cells.plate }
  return cells.reference === null
    ? { column: columnNames[kind][0], code: 'twice', value: cells.name }
    : { column: 'reference', code: 'twice', value: cells.reference }
}

function cellsOf(
  kind: RosterKind,
  names: readonly string[],
  row: readonly string[],
): { readonly cells: Cells } | { readonly fault: Fault } {
  const values = new Map<string, string>()
  for (const column of columnNames[kind]) {
    const at = names.indexOf(column)
    const value = at < 0 ? '' : (row[at] ?? '').trim()
    const code = faultOf(column, value, column === columnNames[kind][0])
    if (code !== undefined) return { fault: { column, code, value: value.slice(0, shownCharsMax) } }
    values.set(column, value)
  }
  const text = (column: string): string => values.get(column) ?? ''
  const orNull = (column: string): string | null => text(column) || null
  return {
    cells:
      kind === 'drivers'
        ? { name: text('name'), reference: orNull('reference'), email: orNull('email') }
        : { plate: text('plate'), name: orNull('name'), vehicle_class: Number(text('class') || '0') },
  }
}

function faultOf(column: string, value: string, isNeeded: boolean): RowFault | undefined {
  if (value === '') return isNeeded ? 'missing' : undefined
  if (column === 'class') return /^(?:\d|1[0-5])$/.test(value) ? undefined : 'class'
  if (value.length > (charsMax[column] ?? 0)) return 'too-long'
  if (/\p{C}/u.test(value)) return 'characters'
  return column === 'email' && !email.safeParse(value).success ? 'email' : undefined
}
