/** The void list as a file: for spreadsheets, and for the wall of an office that takes cards back. */

import { minorUnitExponent } from '@/lib/core/currency'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { byteOrderMark, csvRow, type CsvSeparator } from '@/lib/format/csv-write'
import { decimalText } from '@/lib/format/decimal'
import type { Locale } from '@/lib/format/locale'
import german from '@/lib/format/messages/de/console-printed.json'
import english from '@/lib/format/messages/en/console-printed.json'
import type { Cloud } from '../context'
import { transact } from '../database/connection'
import { shortSerial } from './card-rule'
import { heardOf, type SiteCharger } from './news-rule'
import { chargersOfSites, labelsOfSites } from './site-chargers'
import { readVoid, type StoredVoid } from './void-list'

/** More than the revocations can announce at once. */
const rowsMax = 6_000

const words = { en: english.csv, de: german.csv }
const columns = [
  'serial',
  'number',
  'batch',
  'worth',
  'currency',
  'sites',
  'since',
  'epoch',
  'until',
  'know',
  'of',
] as const

export const voidTable = (cloud: Cloud, fleetId: string, locale: Locale): Promise<Result<string, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const rows = await readVoid(cloud, tx, fleetId, undefined, rowsMax)
    const sites = rows.flatMap((row) => row.sites)
    const chargers = await chargersOfSites(cloud, tx, sites)
    const labels = await labelsOfSites(cloud, tx, sites)
    const separator: CsvSeparator = locale === 'de' ? ';' : ','
    const head = csvRow(
      columns.map((column) => words[locale][column]),
      separator,
    )
    const { currency } = cloud.config
    const body = rows.map((row) => csvRow(cellsOf(row, { chargers, labels, locale, currency }), separator))
    return ok(byteOrderMark + head + body.join(''))
  })

interface TableFacts {
  readonly chargers: readonly SiteCharger[]
  readonly labels: ReadonlyMap<string, string>
  readonly locale: Locale
  readonly currency: string
}

function cellsOf(row: StoredVoid, { chargers, labels, locale, currency }: TableFacts): readonly string[] {
  const news = heardOf(row, chargers)
  const worth = decimalText(row.capMinor, minorUnitExponent(currency) ?? 2)
  const cells: Record<(typeof columns)[number], string> = {
    serial: shortSerial(row.cardId),
    number: String(row.number),
    batch: row.batchName,
    worth: locale === 'de' ? worth.replace('.', ',') : worth,
    currency,
    sites: row.sites.map((site) => labels.get(site) ?? site).join(', '),
    since: utcText(row.sinceS),
    epoch: String(row.epoch),
    until: utcText(row.notAfterS),
    know: String(news.heard),
    of: String(news.chargers),
  }
  return columns.map((column) => cells[column])
}

const utcText = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 19).replace('T', ' ')
