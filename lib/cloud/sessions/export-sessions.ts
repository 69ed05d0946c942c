/**
 * A fleet's sessions as a table for spreadsheets, of any length in little memory: read by key in pieces, each in a
 * transaction of its own, as fast as they are taken away.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import { byteOrderMark, csvRow, type CsvSeparator } from '@/lib/format/csv-write'
import { decimalText } from '@/lib/format/decimal'
import type { Locale } from '@/lib/format/locale'
import german from '@/lib/format/messages/de/console-sessions.json'
import english from '@/lib/format/messages/en/console-sessions.json'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { withinOrganisation } from '../database/organisation-scope'
import type { SessionFilter } from './session-filter'
import { readSessions, type ListedSession, type Place } from './session-list'

const words = { en: english, de: german }
const rowsPerPiece = 1_000

export interface SessionExport {
  readonly fleetId: string
  readonly author: string
  readonly locale: Locale
  readonly filter: SessionFilter
}

/** Whoever takes the table away has to answer for it: the line is written before the first byte leaves. */
export async function exportSessions(
  cloud: Cloud,
  { fleetId, author, locale, filter }: SessionExport,
): Promise<ReadableStream<Uint8Array>> {
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, (tx) =>
    writeAuditLine(cloud, tx, author, 'session.export', subjectOf(filter), fleetId),
  )
  const encoder = new TextEncoder()
  const separator: CsvSeparator = locale === 'de' ? ';' : ','
  let place: Place | undefined
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) =>
        controller.enqueue(encoder.encode(byteOrderMark + csvRow(headOf(locale), separator))),
      // Whoever reads the stream acts for nobody: each piece names the organisation anew.
      pull: async (controller) => {
        const rows = await withinOrganisation(fleetId, () =>
          inTenant(cloud.db, tenant, (tx) =>
            readSessions(tx, { tenant, fleetId }, filter, place, rowsPerPiece),
          ),
        )
        place = rows.at(-1)
        const text = rows.map((row) => csvRow(cellsOf(row, locale), separator)).join('')
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (rows.length < rowsPerPiece) controller.close()
      },
    },
    { highWaterMark: 1 },
  )
}

/** Names of the parts of the filter that narrow; their values may be people. */
const subjectOf = (filter: SessionFilter): string => {
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '')
  return parts.length === 0
    ? 'all'
    : parts
        .map(([name]) => name)
        .sort()
        .join(',')
}

const columns = [
  'session',
  'started',
  'driver',
  'vehicle',
  'site',
  'bay',
  'charger',
  'state',
  'energyKwh',
  'held',
  'net',
  'tax',
  'total',
  'refunded',
  'currency',
  'lastNews',
] as const

const headOf = (locale: Locale): readonly string[] => columns.map((column) => words[locale].csv[column])

function cellsOf(row: ListedSession, locale: Locale): readonly string[] {
  const decimal = (value: number, decimals: number): string => {
    const text = decimalText(value, decimals)
    return locale === 'de' ? text.replace('.', ',') : text
  }
  const money = (amountMinor: number | null): string =>
    amountMinor === null ? '' : decimal(amountMinor, minorUnitExponent(row.currency) ?? 2)
  const cells: Record<(typeof columns)[number], string> = {
    session: row.sessionId,
    started: utcText(row.authorizedAtS),
    driver: row.driver?.name ?? row.driverName,
    vehicle: row.vehicle?.plate ?? '',
    site: row.siteLabel ?? '',
    bay: row.bayLabel ?? '',
    charger: row.chargerId ?? '',
    state: words[locale].state[row.state],
    energyKwh: row.energyWh === null ? '' : decimal(row.energyWh, 3),
    held: money(row.holdMinor),
    net: row.totalMinor === null || row.taxMinor === null ? '' : money(row.totalMinor - row.taxMinor),
    tax: money(row.taxMinor),
    total: money(row.totalMinor),
    refunded: money(row.refundedMinor),
    currency: row.currency,
    lastNews: utcText(row.updatedAtS),
  }
  return columns.map((column) => cells[column])
}

/** "2026-08-11 14:10:05": sorts by itself, and is no formula to any spreadsheet. */
const utcText = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 19).replace('T', ' ')
