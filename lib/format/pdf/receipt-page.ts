/**
 * A receipt on one A4 page: what it cost, how that came about, what proves it, and a code by which anybody can check the
 * paper. It has no words and no figures of its own; the caller brings them, formatted.
 */

import { darkRuns, drawMark, hair, ink, mute, amber, type PaperCode } from './paper-marks'
import { PdfPage, pageHeight, pageWidth, pdfFile } from './pdf-file'
import { proofProperty } from './proof-property'
import { brokenLines, fittingText, textWidth } from './text-width'

export interface PaperRow {
  readonly name: string
  /** Small, beside the name: a price, a date. */
  readonly note?: string
  readonly value: string
}

export interface PaperSection {
  readonly title: string
  readonly rows: readonly PaperRow[]
}

export interface ReceiptPaper {
  /** BCP 47. */
  readonly language: string
  /** "Receipt 412" */
  readonly title: string
  readonly operator: string
  readonly place: string
  readonly total: string
  /** "24.286 kWh · 1 hr 8 min · 11 Aug 2026, 14:10:05" */
  readonly summary: string
  readonly lines: readonly PaperRow[]
  readonly totalRow: PaperRow
  readonly taxRows: readonly PaperRow[]
  /** Two columns of small print, left before right. */
  readonly sections: readonly PaperSection[]
  readonly check: {
    readonly title: string
    readonly sentences: readonly string[]
    /** What the code says, and where a click leads. */
    readonly link: string
    readonly code: PaperCode
  }
  readonly foot: string
  /** The proof itself, so that the file can be checked without its code being read. */
  readonly proof: string
}

const left = 56
const right = pageWidth - 56
const codeSide = 142

export function receiptPdf(paper: ReceiptPaper): Uint8Array<ArrayBuffer> {
  const page = new PdfPage()
  drawHead(page, paper)
  const below = drawAmounts(page, paper, 236)
  drawSections(page, paper.sections, below + 30)
  drawCheck(page, paper)
  return pdfFile([page], {
    language: paper.language,
    properties: {
      Title: `${paper.title} · ${paper.operator}`,
      Creator: 'Outpost',
      [proofProperty]: paper.proof,
    },
  })
}

function drawHead(page: PdfPage, { title, operator, place, total, summary }: ReceiptPaper): void {
  drawMark(page, left, 60)
  page.text(left + 34, 78, fittingText(operator, 'bold', 15, 260), { font: 'bold', size: 15, ink })
  page.text(right, 78, title, { size: 11, ink: mute, align: 'right' })
  page.text(left, 134, place, { size: 12, ink: mute })
  page.text(left - 2, 176, total, { font: 'bold', size: 40, ink })
  page.text(left, 198, summary, { size: 11, ink })
  page.line(left, 214, left + 56, 214, 3, amber)
}

/** Gives the line below the last row. */
function drawAmounts(page: PdfPage, { lines, totalRow, taxRows }: ReceiptPaper, top: number): number {
  let y = top
  for (const [at, row] of lines.entries()) {
    y += 22
    page.text(left, y, row.name, { size: 11, ink })
    if (row.note !== undefined) {
      const x = left + textWidth(row.name, 'regular', 11) + 10
      page.text(x, y, fittingText(row.note, 'regular', 9, right - x - 90), { size: 9, ink: mute })
    }
    page.text(right, y, row.value, { size: 11, ink, align: 'right' })
    if (at < lines.length - 1) page.line(left, y + 8, right, y + 8, 0.6, hair)
  }
  y += 12
  page.line(left, y, right, y, 1.6, ink)
  y += 22
  page.text(left, y, totalRow.name, { font: 'bold', size: 14, ink })
  page.text(right, y, totalRow.value, { font: 'bold', size: 14, ink, align: 'right' })
  y += 8
  for (const row of taxRows) {
    y += 15
    page.text(left, y, row.name, { size: 9.5, ink: mute })
    page.text(right, y, row.value, { size: 9.5, ink: mute, align: 'right' })
  }
  return y
}

const columnGap = 36
const columnWidth = (right - left - columnGap) / 2

function drawSections(page: PdfPage, sections: readonly PaperSection[], top: number): void {
  for (const [at, section] of sections.entries()) {
    const column = at % 2
    const x = left + column * (columnWidth + columnGap)
    const above = sections.slice(0, at).filter((_, other) => other % 2 === column)
    drawSection(page, section, x, top + above.reduce((sum, { rows }) => sum + sectionHeight(rows.length), 0))
  }
}

const sectionHeight = (rows: number): number => 34 + rows * 15

function drawSection(page: PdfPage, { title, rows }: PaperSection, x: number, top: number): void {
  page.text(x, top + 10, title, { font: 'bold', size: 10, ink })
  page.line(x, top + 16, x + columnWidth, top + 16, 0.6, hair)
  for (const [at, row] of rows.entries()) {
    const y = top + 31 + at * 15
    page.text(x, y, row.name, { size: 9, ink: mute })
    const room = columnWidth - textWidth(row.name, 'regular', 9) - 8
    page.text(x + columnWidth, y, fittingText(row.value, 'regular', 9, room), {
      size: 9,
      ink,
      align: 'right',
    })
  }
}

/** At the foot of the page: the code with its quiet zone, and beside it what it is for. */
function drawCheck(page: PdfPage, { check, foot }: ReceiptPaper): void {
  const top = pageHeight - 56 - codeSide
  page.squares(left, top, codeSide / check.code.size, darkRuns(check.code))
  page.link(check.link, left, top, codeSide, codeSide)
  const x = left + codeSide + 26
  page.text(x, top + 12, check.title, { font: 'bold', size: 11, ink })
  let y = top + 14
  for (const sentence of check.sentences) {
    for (const line of brokenLines(sentence, 'regular', 9.5, right - x)) {
      y += 13.5
      page.text(x, y, line, { size: 9.5, ink: mute })
    }
    y += 5
  }
  page.text(x, pageHeight - 58, fittingText(foot, 'regular', 8, right - x), { size: 8, ink: mute })
}
