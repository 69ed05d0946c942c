/** What every paper of ours shares: its inks, the mark at its head, and how a code becomes boxes. */

import type { PdfInk, PdfPage } from './pdf-file'

export const ink: PdfInk = [0.063, 0.094, 0.082]
export const mute: PdfInk = [0.294, 0.337, 0.314]
export const hair: PdfInk = [0.84, 0.84, 0.82]
export const amber: PdfInk = [0.961, 0.702, 0.18]

/** A code as its encoder gives it: `size` squares a side. */
export interface PaperCode {
  readonly size: number
  isDark(row: number, column: number): boolean
}

/** A roof, and a line of light under it: 24 points wide, 22 high from `top`. */
export function drawMark(page: PdfPage, x: number, top: number): void {
  page.path(
    [
      [x, top + 12],
      [x + 12, top],
      [x + 24, top + 12],
    ],
    2.2,
    ink,
  )
  page.path(
    [
      [x + 4, top + 9],
      [x + 4, top + 22],
      [x + 20, top + 22],
      [x + 20, top + 9],
    ],
    2.2,
    ink,
  )
  page.line(x + 12, top + 11, x + 12, top + 17, 3.6, amber)
}

/** Dark squares of a row that touch are one box: a code of 100 squares' side has 5,000 of them. */
export function darkRuns({ size, isDark }: PaperCode): (readonly [number, number, number])[] {
  const runs: (readonly [number, number, number])[] = []
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const start = column
      while (column < size && isDark(row, column)) column += 1
      if (column > start) runs.push([start, row, column - start])
    }
  }
  return runs
}
