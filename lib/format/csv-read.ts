/**
 * Reads tables that people bring: RFC 4180 with either separator, a byte order mark and any line end. What is no table is
 * refused as a whole; what its cells mean is for whoever asked.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'

export interface CsvRow {
  /** In the file, from 1, as editors and spreadsheets count; where a quoted cell goes over several, its first. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvLimits {
  /** With the head. */
  readonly rowsMax: number
}

const cellsMax = 100

/**
 * Rows in order, empty lines left out. The separator is whichever the first line has more of outside of quotes. Refused
 * with `api.malformed`: a quote that is never closed, and the character 0, which no text has.
 */
export function readCsv(text: string, { rowsMax }: CsvLimits): Result<readonly CsvRow[], Refusal> {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (plain.includes('\0')) return err(refusal('api.malformed'))
  const separator = separatorOf(plain)
  const rows: CsvRow[] = []
  let row: string[] = []
  let line = 1
  let firstLine = 1
  let cell = ''
  let isQuoted = false
  const endRow = (): boolean => {
    row.push(cell)
    cell = ''
    if (row.length > 1 || row[0] !== '') rows.push({ line: firstLine, cells: row })
    const fits = row.length <= cellsMax && rows.length <= rowsMax
    row = []
    return fits
  }
  for (let index = 0; index < plain.length; index += 1) {
    const character = plain[index] ?? ''
    const endsLine = character === '\n' || (character === '\r' && plain[index + 1] !== '\n')
    if (endsLine) line += 1
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (plain[index + 1] === '"') {
        cell += '"'
        index += 1
      } else isQuoted = false
    } else if (character === '"' && cell === '') isQuoted = true
    else if (character === separator) {
      row.push(cell)
      cell = ''
    } else if (endsLine) {
      if (!endRow()) return err(refusal('api.too-large', { limit: rowsMax }))
      firstLine = line
    } else if (character !== '\r') cell += character
  }
  if (isQuoted) return err(refusal('api.malformed'))
  return endRow() ? ok(rows) : err(refusal('api.too-large', { limit: rowsMax }))
}

function separatorOf(text: string): ',' | ';' {
  const head = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replaceAll(/"[^"]*"/g, '')
  const count = (separator: string): number => head.split(separator).length
  return count(';') > count(',') ? ';' : ','
}
