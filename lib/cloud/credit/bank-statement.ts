/**
 * Reads the rows of a bank's statement. Pure. Banks agree on no names for their columns, so several names are known in two
 * languages; what cannot be read without a guess is refused, row by row.
 */

import { toHex, utf8 } from '@/lib/core/bytes'
import { minorUnitExponent } from '@/lib/core/currency'
import { sha256 } from '@/lib/crypto/hash'
import type { CsvRow } from '@/lib/format/csv-read'

export const bankColumns = ['bookedOn', 'amount', 'currency', 'text', 'counterparty', 'id'] as const
export type BankColumn = (typeof bankColumns)[number]

/** In lower case, everything but letters and digits left out. Whatever stands further left is preferred. */
const names: Readonly<Record<BankColumn, readonly string[]>> = {
  bookedOn: ['bookingdate', 'buchungstag', 'buchungsdatum', 'bookedon', 'buchung', 'date', 'datum'],
  amount: ['amount', 'betrag', 'umsatz', 'betrageur', 'amounteur'],
  currency: ['currency', 'währung', 'waehrung', 'ccy'],
  text: [
    ...['remittanceinformation', 'remittance', 'verwendungszweck', 'reference', 'paymentreference'],
    ...['referenz', 'zahlungsreferenz', 'description', 'buchungstext', 'text', 'details'],
  ],
  counterparty: [
    ...['counterparty', 'namezahlungsbeteiligter', 'beguenstigterzahlungspflichtiger', 'payer', 'debtor'],
    ...['auftraggeber', 'auftraggeberempfänger', 'zahlungspflichtiger', 'gegenpartei', 'name'],
  ],
  id: ['transactionid', 'transaktionsid', 'transaktionsnummer', 'entryreference', 'bankreference', 'id'],
}
const required: readonly BankColumn[] = ['bookedOn', 'amount', 'currency', 'text']

export interface BankEntry {
  /** Counted as in the file, its heads being line 1. */
  readonly line: number
  readonly rowKey: string
  readonly contentHash: string
  readonly bookedOn: string
  readonly amountMinor: number
  readonly currency: string
  readonly text: string
  readonly counterparty: string
}

export const rowFaults = ['date', 'amount', 'negative', 'currency', 'too-long', 'differs'] as const
export type RowFault = (typeof rowFaults)[number]

export interface RefusedRow {
  readonly line: number
  readonly fault: RowFault
}

export interface BankStatement {
  /** Without these nothing was read. */
  readonly missing: readonly BankColumn[]
  readonly entries: readonly BankEntry[]
  readonly refused: readonly RefusedRow[]
}

export const statementLimits = { rowsMax: 5_000, textMax: 1_000, counterpartyMax: 300, idMax: 100 } as const
const amountMax = 1_000_000_000_00

type Cells = Readonly<Record<BankColumn, string>>

/** @param currency of the operator's books; a row in another one is refused. */
export function readStatement(rows: readonly CsvRow[], currency: string): BankStatement {
  const [{ cells: heads } = { cells: [] }, ...body] = rows
  const places = placesOf(heads)
  const missing = required.filter((column) => places[column] === -1)
  if (missing.length > 0) return { missing, entries: [], refused: [] }
  const entries: BankEntry[] = []
  const refused: RefusedRow[] = []
  const seen = new Map<string, number>()
  for (const { line, cells: row } of body) {
    if (row.every((cell) => cell.trim() === '')) continue
    const cells = cellsOf(row, places)
    // Counted among all rows that say the same, refused ones too: two equal payments of one day are two.
    const whole = bankColumns.map((column) => cells[column]).join('\u001f')
    const ordinal = (seen.get(whole) ?? 0) + 1
    seen.set(whole, ordinal)
    const read = readRow(cells, currency)
    if (typeof read === 'string') refused.push({ line, fault: read })
    else {
      const identity = cells.id === '' ? `row\n${whole}\n${ordinal}` : `id\n${cells.id}`
      entries.push({ line, rowKey: hashOf(identity), contentHash: hashOf(whole), ...read })
    }
  }
  return { missing, entries, refused }
}

const hashOf = (text: string): string => toHex(sha256(utf8(text)))

function placesOf(heads: readonly string[]): Readonly<Record<BankColumn, number>> {
  const plain = heads.map((head) =>
    head
      .normalize('NFC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, ''),
  )
  const place = (column: BankColumn): number => {
    const name = names[column].find((candidate) => plain.includes(candidate))
    return name === undefined ? -1 : plain.indexOf(name)
  }
  return Object.fromEntries(bankColumns.map((column) => [column, place(column)])) as Record<
    BankColumn,
    number
  >
}

const cellsOf = (row: readonly string[], places: Readonly<Record<BankColumn, number>>): Cells =>
  Object.fromEntries(
    bankColumns.map((column) => [column, (row[places[column]] ?? '').normalize('NFC').trim()]),
  ) as Record<BankColumn, string>

function readRow(
  cells: Cells,
  currency: string,
): Omit<BankEntry, 'line' | 'rowKey' | 'contentHash'> | RowFault {
  const { text, counterparty, id } = cells
  const { textMax, counterpartyMax, idMax } = statementLimits
  if (text.length > textMax || counterparty.length > counterpartyMax || id.length > idMax) return 'too-long'
  const bookedOn = readDate(cells.bookedOn)
  if (bookedOn === undefined) return 'date'
  if (cells.currency.toUpperCase() !== currency) return 'currency'
  const amountMinor = readAmount(cells.amount, minorUnitExponent(currency) ?? 2)
  if (amountMinor === undefined || amountMinor > amountMax) return 'amount'
  if (amountMinor <= 0) return 'negative'
  return { bookedOn, amountMinor, currency, text, counterparty }
}

/** `2026-09-01` or `01.09.2026`; with slashes nobody knows which is the day. */
export function readDate(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$/.exec(text)
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  const [year, month, day] = iso === null ? [dotted?.[3], dotted?.[2], dotted?.[1]] : [iso[1], iso[2], iso[3]]
  if (year === undefined || month === undefined || day === undefined) return undefined
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? undefined : date
}

/**
 * `1.234,56`, `1,234.56`, `1234.5`, `-3`. What stands last is the decimal point, unless it is followed by three digits in a
 * currency that has two: then it could be either, and is refused.
 */
export function readAmount(text: string, exponent: number): number | undefined {
  const plain = text.replaceAll(/[\s'\u00a0\u202f]/g, '').replace('\u2212', '-')
  const parts = /^([+-]?)(\d{1,3}(?:([.,])\d{3})*|\d+)(?:([.,])(\d+))?$/.exec(plain)
  if (parts === null) return undefined
  const [, sign = '', whole = '', group, point, decimals = ''] = parts
  if (decimals.length > exponent || (group !== undefined && group === point)) return undefined
  // One separator and three digits behind it: thousands, or a third decimal?
  if (group !== undefined && point === undefined && whole.replaceAll(/\d/g, '').length === 1) return undefined
  if (group !== undefined && new Set(whole.replaceAll(/\d/g, '')).size > 1) return undefined
  const value = Number(whole.replaceAll(/\D/g, '') + decimals.padEnd(exponent, '0'))
  if (!Number.isSafeInteger(value)) return undefined
  return sign === '-' ? 0 - value : value
}
