/** Tables as text by RFC 4180, made so that spreadsheets open them rightly and safely. */

/** Without it spreadsheets read UTF-8 as a code page of their own. */
export const byteOrderMark = '\uFEFF'

/** What a spreadsheet would take for the start of a formula (OWASP, "CSV injection"). */
const formulaStart = /^[=+\-@\t\r]/

/** Text that is only a number may begin with its sign. */
const plainNumber = /^-?\d+(?:[.,]\d+)?$/

function field(value: string, separator: string): string {
  const harmless = formulaStart.test(value) && !plainNumber.test(value) ? `'${value}` : value
  const isPlain = !harmless.includes(separator) && !/["\r\n]/.test(harmless)
  return isPlain ? harmless : `"${harmless.replaceAll('"', '""')}"`
}

/** What a cell was before it was made harmless here: for tables that come back. */
export const withoutGuard = (cell: string): string =>
  cell.startsWith("'") && formulaStart.test(cell.slice(1)) ? cell.slice(1) : cell

export type CsvSeparator = ',' | ';'

/** One row with its line end. A table begins with `byteOrderMark`; whoever streams one writes both by themselves. */
export const csvRow = (cells: readonly string[], separator: CsvSeparator): string =>
  cells.map((cell) => field(cell, separator)).join(separator) + '\r\n'

/** Rows of equal length, the head first. `separator` is `;` where the decimal sign is a comma. */
export const csvText = (rows: readonly (readonly string[])[], separator: CsvSeparator): string =>
  byteOrderMark + rows.map((row) => csvRow(row, separator)).join('')
