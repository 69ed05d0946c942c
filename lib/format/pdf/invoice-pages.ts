/**
 * An invoice on as many A4 pages as its lines need. It has no words and no figures of its own; the caller brings them,
 * formatted. The head stands on the first page, the heads of the columns on each, notes and sums side by side on the last.
 */

import { amber, drawMark, hair, ink, mute } from './paper-marks'
import { pageHeight, pageWidth, pdfFile, PdfPage } from './pdf-file'
import { brokenLines, fittingText } from './text-width'

export interface InvoiceFact {
  readonly name: string
  readonly value: string
}

/** What stands in a row beside its name, in the order of the columns. */
export type InvoiceCells = readonly [
  sessions: string,
  energy: string,
  rate: string,
  net: string,
  gross: string,
]

export interface InvoiceRow {
  readonly name: string
  readonly cells: InvoiceCells
}

export interface InvoicePaper {
  /** BCP 47. */
  readonly language: string
  /** "Invoice 2026-000123" */
  readonly title: string
  /** "October 2026 (1 to 31 October, UTC)" */
  readonly period: string
  readonly seller: { readonly name: string; readonly lines: readonly string[] }
  readonly buyer: { readonly title: string; readonly name: string; readonly lines: readonly string[] }
  readonly facts: readonly InvoiceFact[]
  readonly columns: InvoiceCells
  readonly sections: readonly { readonly title: string; readonly rows: readonly InvoiceRow[] }[]
  readonly sums: readonly InvoiceFact[]
  readonly total: InvoiceFact
  /** The first is what is to be paid. */
  readonly notes: readonly string[]
  /** On every page. */
  readonly foot: string
  pageOf(page: number, pages: number): string
}

const left = 56
const right = pageWidth - 56
const nameWidth = 176
/** Where each column ends. */
const ends = [278, 352, 398, 470, right] as const
const rowHeight = 19
const bottom = pageHeight - 84
const sumsLeft = 312
const notesWidth = 224
const factsLeft = 344

export function invoicePdf(paper: InvoicePaper): Uint8Array<ArrayBuffer> {
  const sheets = new Sheets(paper)
  for (const { title, rows } of paper.sections) drawSection(sheets, title, rows)
  drawSums(sheets, paper)
  for (const [at, page] of sheets.pages.entries())
    drawFoot(page, paper.foot, paper.pageOf(at + 1, sheets.pages.length))
  return pdfFile(sheets.pages, {
    language: paper.language,
    properties: { Title: `${paper.title} · ${paper.seller.name}`, Creator: 'Outpost' },
  })
}

/** The pages so far, and how far down the last one is filled. */
class Sheets {
  readonly pages: PdfPage[] = []
  y = 0

  constructor(private readonly paper: InvoicePaper) {
    const page = new PdfPage()
    this.pages.push(page)
    this.y = drawHead(page, paper)
  }

  get columns(): InvoiceCells {
    return this.paper.columns
  }

  get page(): PdfPage {
    return this.pages.at(-1) ?? new PdfPage()
  }

  /** Begins another page where so much does not fit on this one. Says whether it did. */
  makeRoom(height: number): boolean {
    if (this.y + height <= bottom) return false
    const page = new PdfPage()
    this.pages.push(page)
    page.text(left, 62, fittingText(this.paper.seller.name, 'bold', 10, 260), { font: 'bold', size: 10, ink })
    page.text(right, 62, this.paper.title, { size: 10, ink: mute, align: 'right' })
    page.line(left, 72, right, 72, 0.6, hair)
    this.y = 84
    return true
  }
}

/** Gives where what follows may begin. */
function drawHead(page: PdfPage, { seller, buyer, facts, title, period }: InvoicePaper): number {
  drawMark(page, left, 54)
  page.text(left + 34, 72, fittingText(seller.name, 'bold', 15, 240), { font: 'bold', size: 15, ink })
  for (const [at, line] of seller.lines.entries())
    page.text(right, 62 + at * 12.5, fittingText(line, 'regular', 9, 220), {
      ...{ size: 9, ink: mute, align: 'right' },
    })
  page.text(left, 148, buyer.title, { size: 8.5, ink: mute })
  page.text(left, 166, fittingText(buyer.name, 'bold', 11.5, 250), { font: 'bold', size: 11.5, ink })
  for (const [at, line] of buyer.lines.entries())
    page.text(left, 182 + at * 15, fittingText(line, 'regular', 11, 250), { size: 11, ink })
  for (const [at, fact] of facts.entries()) {
    const y = 166 + at * 15
    page.text(factsLeft, y, fact.name, { size: 9.5, ink: mute })
    page.text(right, y, fittingText(fact.value, 'regular', 9.5, 118), { size: 9.5, ink, align: 'right' })
  }
  const below = 182 + 15 * Math.max(buyer.lines.length, facts.length, 4)
  page.text(left - 1, below + 34, title, { font: 'bold', size: 24, ink })
  page.text(left, below + 54, period, { size: 11, ink: mute })
  page.line(left, below + 68, left + 56, below + 68, 3, amber)
  return below + 86
}

function drawSection(sheets: Sheets, title: string, rows: readonly InvoiceRow[]): void {
  // A title never stands alone at the foot of a page.
  sheets.makeRoom(44 + 2 * rowHeight)
  drawColumns(sheets, title)
  for (const { name, cells } of rows) {
    if (sheets.makeRoom(rowHeight)) drawColumns(sheets, title)
    sheets.y += rowHeight
    const { page, y } = sheets
    page.text(left, y - 6, fittingText(name, 'regular', 10, nameWidth), { size: 10, ink })
    for (const [at, cell] of cells.entries())
      page.text(ends[at] ?? right, y - 6, cell, { size: 10, ink, align: 'right' })
    page.line(left, y, right, y, 0.6, hair)
  }
  sheets.y += 12
}

function drawColumns(sheets: Sheets, title: string): void {
  const y = sheets.y + 18
  sheets.page.text(left, y, fittingText(title, 'bold', 10, nameWidth), { font: 'bold', size: 10, ink })
  for (const [at, head] of sheets.columns.entries())
    sheets.page.text(ends[at] ?? right, y, head, { size: 9, ink: mute, align: 'right' })
  sheets.page.line(left, y + 8, right, y + 8, 1.2, ink)
  sheets.y = y + 9
}

/** Notes at the left, sums at the right: they stand on one page, and never without each other. */
function drawSums(sheets: Sheets, { sums, total, notes }: InvoicePaper): void {
  const drawn = notes.map((note, at) => drawnNote(note, at === 0))
  const notesHeight = drawn.reduce((height, { lines, lead }) => height + lines.length * lead + 5, 0)
  sheets.makeRoom(Math.max(notesHeight + 8, sums.length * 16 + 40))
  const top = sheets.y + 4
  let y = top
  for (const { name, value } of sums) {
    y += 16
    sheets.page.text(sumsLeft, y, name, { size: 10, ink: mute })
    sheets.page.text(right, y, value, { size: 10, ink, align: 'right' })
  }
  y += 9
  sheets.page.line(sumsLeft, y, right, y, 1.6, ink)
  y += 20
  sheets.page.text(sumsLeft, y, total.name, { font: 'bold', size: 13, ink })
  sheets.page.text(right, y, total.value, { font: 'bold', size: 13, ink, align: 'right' })
  y = top + 2
  for (const { lines, lead, look } of drawn) {
    for (const line of lines) {
      y += lead
      sheets.page.text(left, y, line, look)
    }
    y += 5
  }
}

/** The first says what is to be paid, and is read first. */
function drawnNote(note: string, isFirst: boolean) {
  const [font, size, lead] = isFirst ? (['bold', 10, 14] as const) : (['regular', 8.5, 11.5] as const)
  const lines = brokenLines(note, font, size, notesWidth)
  return { lines, lead, look: { font, size, ink: isFirst ? ink : mute } }
}

function drawFoot(page: PdfPage, foot: string, pageOf: string): void {
  const y = pageHeight - 50
  page.line(left, y - 14, right, y - 14, 0.6, hair)
  page.text(left, y, fittingText(foot, 'regular', 8, right - left - 90), { size: 8, ink: mute })
  page.text(right, y, pageOf, { size: 8, ink: mute, align: 'right' })
}
