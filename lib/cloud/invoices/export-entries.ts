/**
 * What an invoice is made of, as a table for spreadsheets: a row for each session and each correction, which add up to the
 * invoice. Read in pieces, each in a transaction of its own, as fast as they are taken away.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { byteOrderMark, csvRow, type CsvSeparator } from '@/lib/format/csv-write'
import { decimalText } from '@/lib/format/decimal'
import type { Locale } from '@/lib/format/locale'
import german from '@/lib/format/messages/de/invoice.json'
import english from '@/lib/format/messages/en/invoice.json'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { withinOrganisation } from '../database/organisation-scope'
import { readEntries, type SessionEntry } from './month-entries'
import { invoiceOf } from './queries'

const words = { en: english, de: german }

export interface EntryExport {
  readonly fleetId: string
  readonly author: string
  readonly locale: Locale
  readonly invoiceNumber: string
}

/** Whoever takes the table away has to answer for it: the line is written before the first byte leaves. */
export async function exportEntries(
  cloud: Cloud,
  { fleetId, author, locale, invoiceNumber }: EntryExport,
): Promise<Result<ReadableStream<Uint8Array>, Refusal>> {
  const { tenant } = cloud.config
  const invoice = await invoiceOf(cloud, fleetId, invoiceNumber)
  if (!invoice.ok) return invoice
  const { month, currency } = invoice.value
  await inTenant(cloud.db, tenant, (tx) =>
    writeAuditLine(cloud, tx, author, 'session.export', `invoice ${invoiceNumber}`, fleetId),
  )
  const scope = { tenant, currency, fleetId, month }
  const encoder = new TextEncoder()
  const separator: CsvSeparator = locale === 'de' ? ';' : ','
  let after: string | undefined
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) =>
        controller.enqueue(encoder.encode(byteOrderMark + csvRow(headOf(locale), separator))),
      // Whoever reads the stream acts for nobody: each piece names the organisation anew.
      pull: async (controller) => {
        let text = ''
        // A piece that gives nothing would not be asked for the next one.
        do {
          const piece = await withinOrganisation(fleetId, () =>
            inTenant(cloud.db, tenant, (tx) => readEntries(tx, scope, after)),
          )
          text = piece.entries.map((row) => csvRow(cellsOf(row, currency, locale), separator)).join('')
          after = piece.next
        } while (text === '' && after !== undefined)
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (after === undefined) controller.close()
      },
    },
    { highWaterMark: 1 },
  )
  return ok(stream)
}

const columns = [
  'session',
  'what',
  'started',
  'driver',
  'site',
  'bay',
  'charger',
  'energyKwh',
  'net',
  'rate',
  'tax',
  'gross',
  'currency',
] as const

const headOf = (locale: Locale): readonly string[] => columns.map((column) => words[locale].csv[column])

function cellsOf(entry: SessionEntry, currency: string, locale: Locale): readonly string[] {
  const decimal = (value: number, decimals: number): string => {
    const text = decimalText(value, decimals)
    return locale === 'de' ? text.replace('.', ',') : text
  }
  const money = (amountMinor: number): string => decimal(amountMinor, minorUnitExponent(currency) ?? 2)
  const cells: Record<(typeof columns)[number], string> = {
    session: entry.sessionId,
    what: words[locale].kind[entry.kind],
    started: entry.authorizedAtS === null ? '' : utcText(entry.authorizedAtS),
    driver: entry.driverName,
    site: entry.site,
    bay: entry.bayLabel,
    charger: entry.chargerId,
    // A correction moves money alone.
    energyKwh: entry.kind === 'settled' ? decimal(entry.energyWh, 3) : '',
    net: money(entry.netMinor),
    rate: decimal(entry.rateBasisPoints, 2),
    tax: money(entry.taxMinor),
    gross: money(entry.netMinor + entry.taxMinor),
    currency,
  }
  return columns.map((column) => cells[column])
}

/** "2026-08-11 14:10:05": sorts by itself, and is no formula to any spreadsheet. */
const utcText = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 19).replace('T', ' ')
