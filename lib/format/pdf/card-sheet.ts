/**
 * Prepaid cards for scissors: ten of bank cards' size on an A4 page, with marks where to cut. It has no words and no figures
 * of its own; the caller brings them, formatted.
 */

import { amber, darkRuns, ink, mute, type PaperCode } from './paper-marks'
import { PdfPage, pageHeight, pageWidth, pdfFile } from './pdf-file'
import { brokenLines, fittingText, textWidth, type PdfFont } from './text-width'

export interface SheetCard {
  /** "€15.00" */
  readonly amount: string
  /** "Card 7 · A3F2-91C0" */
  readonly serial: string
  readonly code: PaperCode
}

export interface CardSheet {
  /** BCP 47. */
  readonly language: string
  readonly title: string
  readonly operator: string
  /** "Valid until 13 Feb 2027" */
  readonly until: string
  /** Where the cards are good. */
  readonly sites: readonly string[]
  /** "Only at Kinross Services, Rannoch Yard and 3 more" */
  where(sites: string, more: number): string
  /** "Whoever holds it can spend it." */
  readonly bearer: string
  /** Stands below the code. */
  readonly how: string
  /** Below the cards of a page. */
  foot(page: number, pages: number): string
  readonly cards: readonly SheetCard[]
}

const points = (mm: number): number => (mm * 72) / 25.4

/** ISO/IEC 7810 ID-1. */
const cardWidth = points(85.6)
const cardHeight = points(54)
const columns = 2
const rows = 5
const left = (pageWidth - columns * cardWidth) / 2
const top = (pageHeight - rows * cardHeight) / 2

/** With its quiet zone: squares of 0.6 to 0.8 mm. */
const codeSide = points(44)
/** ISO/IEC 18004: four squares. The ground behind a card may be dark. */
const quiet = 4
const padding = 11
const textMost = cardWidth - codeSide - padding - 6

export const cardsPerPage = columns * rows

export function cardSheetPdf(sheet: CardSheet): Uint8Array<ArrayBuffer> {
  const pages: PdfPage[] = []
  const count = Math.ceil(sheet.cards.length / cardsPerPage)
  for (let at = 0; at < count; at += 1) {
    const cards = sheet.cards.slice(at * cardsPerPage, (at + 1) * cardsPerPage)
    const page = new PdfPage()
    for (const [place, card] of cards.entries())
      drawCard(page, sheet, card, {
        x: left + (place % columns) * cardWidth,
        y: top + Math.floor(place / columns) * cardHeight,
      })
    drawMarks(page, Math.ceil(cards.length / columns))
    page.text(
      left,
      pageHeight - 15,
      fittingText(sheet.foot(at + 1, count), 'regular', 7, columns * cardWidth),
      {
        size: 7,
        ink: mute,
      },
    )
    pages.push(page)
  }
  return pdfFile(pages, {
    language: sheet.language,
    properties: { Title: `${sheet.title} · ${sheet.operator}`, Creator: 'Outpost' },
  })
}

interface Corner {
  readonly x: number
  readonly y: number
}

function drawCard(page: PdfPage, sheet: CardSheet, card: SheetCard, { x: cardX, y }: Corner): void {
  const x = cardX + padding
  page.line(x + 1.2, y + 12, x + 21, y + 12, 2.4, amber)
  drawOperator(page, sheet.operator, x, y)
  const size = fittingSize(card.amount, 'bold', 26, textMost)
  page.text(x - 1, y + 60, card.amount, { font: 'bold', size, ink })
  page.text(x, y + 73, fittingText(sheet.until, 'regular', 8, textMost), { size: 8, ink })
  drawSites(page, sheet, x, y + 86)
  drawLines(page, brokenLines(sheet.bearer, 'bold', 6.8, textMost).slice(0, 2), {
    ...{ x, y: y + 126, step: 8 },
    look: { font: 'bold', size: 6.8, ink },
  })
  page.text(x, y + 145, card.serial, { size: 7, ink: mute })
  drawCode(page, sheet, card, { x: cardX + cardWidth - codeSide - 4, y: y + 3 })
}

/** On one line, or on two smaller ones: nobody trusts a card that does not say whose it is. */
function drawOperator(page: PdfPage, operator: string, x: number, y: number): void {
  if (textWidth(operator, 'bold', 9.5) <= textMost)
    return page.text(x, y + 30, operator, { font: 'bold', size: 9.5, ink })
  const [first = '', ...others] = brokenLines(operator, 'bold', 8, textMost)
  const lines = [first, others.join(' ')].map((line) => fittingText(line, 'bold', 8, textMost))
  drawLines(page, lines, { x, y: y + 25, step: 9, look: { font: 'bold', size: 8, ink } })
}

function drawCode(page: PdfPage, { how }: CardSheet, { code }: SheetCard, { x, y }: Corner): void {
  const side = codeSide / (code.size + 2 * quiet)
  page.squares(x + quiet * side, y + quiet * side, side, darkRuns(code))
  drawLines(page, brokenLines(how, 'regular', 6.2, codeSide - 2 * quiet * side).slice(0, 3), {
    ...{ x: x + quiet * side, y: y + codeSide + 1, step: 7.4 },
    look: { size: 6.2, ink: mute },
  })
}

/** All of them where there is room, if need be in smaller letters; what is left is counted. */
function drawSites(page: PdfPage, { sites, where }: CardSheet, x: number, y: number): void {
  const tries = [
    { size: 7.5, step: 8.8, lines: 4 },
    { size: 6.2, step: 7.2, lines: 5 },
  ] as const
  for (let shown = sites.length; shown > 0; shown -= 1) {
    const text = where(sites.slice(0, shown).join(', '), sites.length - shown)
    for (const { size, step, lines } of tries) {
      const broken = brokenLines(text, 'regular', size, textMost)
      if (broken.length > lines) continue
      const fitting = broken.map((line) => fittingText(line, 'regular', size, textMost))
      return drawLines(page, fitting, { x, y, step, look: { size, ink: mute } })
    }
  }
}

interface Lines extends Corner {
  readonly step: number
  readonly look: Parameters<PdfPage['text']>[3]
}

function drawLines(page: PdfPage, lines: readonly string[], { x, y, step, look }: Lines): void {
  for (const [at, line] of lines.entries()) page.text(x, y + at * step, line, look)
}

/** The largest up to `most` at which the text has room. */
const fittingSize = (text: string, font: PdfFont, most: number, widthMax: number): number =>
  Math.min(most, (most * widthMax) / textWidth(text, font, most))

/** Outside of the cards, so that a cut that slips shows no line. */
const markGap = 4
const markLength = 12

function drawMarks(page: PdfPage, usedRows: number): void {
  const right = left + columns * cardWidth
  const bottom = top + usedRows * cardHeight
  for (let column = 0; column <= columns; column += 1) {
    const x = left + column * cardWidth
    page.line(x, top - markGap - markLength, x, top - markGap, 0.4, ink)
    page.line(x, bottom + markGap, x, bottom + markGap + markLength, 0.4, ink)
  }
  for (let row = 0; row <= usedRows; row += 1) {
    const y = top + row * cardHeight
    page.line(left - markGap - markLength, y, left - markGap, y, 0.4, ink)
    page.line(right + markGap, y, right + markGap + markLength, y, 0.4, ink)
  }
}
