/** Reads the file that somebody brings, before anything is sent: too large, too long, or no table at all is told at once. */

import { csvText } from '@/lib/format/csv-write'
import { readCsv } from '@/lib/format/csv-read'
import { err, ok, type Result } from '@/lib/core/result'
import type { Locale } from '@/lib/format/locale'
import type { RosterKind } from './drivers-view'

export const importBytesMax = 1_000_000
export const importRowsMax = 5_000

export type FileProblem = 'empty' | 'too-large' | 'too-many-rows' | 'workbook' | 'no-table'

/** Spreadsheets save workbooks as archives, the old ones as compound files. */
const workbookStarts = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
] as const

/** The text of a table, however the spreadsheet that wrote it spells letters. */
export function readImport(bytes: Uint8Array): Result<string, FileProblem> {
  if (bytes.length === 0) return err('empty')
  if (workbookStarts.some((start) => start.every((byte, index) => bytes[index] === byte)))
    return err('workbook')
  if (bytes.length > importBytesMax) return err('too-large')
  const text = textOf(bytes)
  // Another spelling of letters may have made it longer.
  if (new TextEncoder().encode(text).length > importBytesMax) return err('too-large')
  if (text.includes('\0')) return err('no-table')
  const rows = readCsv(text, { rowsMax: importRowsMax + 1 })
  if (!rows.ok) return err(rows.error.code === 'api.too-large' ? 'too-many-rows' : 'no-table')
  return rows.value.length < 2 ? err('empty') : ok(text)
}

/** UTF-8 unless it cannot be; then what spreadsheets of Western Europe write by default. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** A file to begin with. Where the decimal sign is a comma, spreadsheets part cells by semicolons. */
export const sampleFile = (kind: RosterKind, locale: Locale): string =>
  csvText(samples[kind], locale === 'de' ? ';' : ',')

const samples = {
  drivers: [
    ['name', 'reference', 'email'],
    ['Ailsa Reid', '1001', 'ailsa@example.org'],
    ['Callum Drummond', '1002', ''],
  ],
  vehicles: [
    ['plate', 'name', 'class'],
    ['SV24 ABC', 'Van 7', '0'],
    ['SV24 ABD', 'Van 8', '2'],
  ],
} as const satisfies Record<RosterKind, readonly (readonly string[])[]>
