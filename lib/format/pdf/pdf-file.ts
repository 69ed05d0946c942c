/**
 * A4 pages as a PDF 1.4 file (ISO 32000-1), with the two built-in fonts and nothing else: no library, no embedded font, a
 * few kB a page. Coordinates are points from the top left corner, as people lay out a page.
 */

import { textWidth, type PdfFont } from './text-width'
import { winAnsiBytes } from './win-ansi'

export const pageWidth = 595
export const pageHeight = 842

/** Red, green and blue from 0 to 1. */
export type PdfInk = readonly [number, number, number]

export interface TextLook {
  readonly font?: PdfFont
  readonly size?: number
  readonly ink?: PdfInk
  /** Where `x` is of the text. */
  readonly align?: 'left' | 'right'
}

/** Collects what is drawn; nothing is checked but that numbers are numbers. */
export class PdfPage {
  readonly #operators: string[] = []
  readonly #links: { readonly url: string; readonly box: readonly number[] }[] = []

  /** `y` is the line on which the letters stand. */
  text(x: number, y: number, text: string, look: TextLook = {}): void {
    const { font = 'regular', size = 10, ink = black, align = 'left' } = look
    const left = align === 'left' ? x : x - textWidth(text, font, size)
    this.#operators.push(
      `BT ${inkText(ink)} rg /${fontNames[font]} ${num(size)} Tf ${num(left)} ${num(pageHeight - y)} Td (${escaped(text)}) Tj ET`,
    )
  }

  line(x1: number, y1: number, x2: number, y2: number, thickness: number, ink: PdfInk = black): void {
    this.path(
      [
        [x1, y1],
        [x2, y2],
      ],
      thickness,
      ink,
    )
  }

  path(points: readonly (readonly [number, number])[], thickness: number, ink: PdfInk): void {
    const steps = points.map(([x, y], at) => `${num(x)} ${num(pageHeight - y)} ${at === 0 ? 'm' : 'l'}`)
    this.#operators.push(`${inkText(ink)} RG ${num(thickness)} w 1 J 1 j ${steps.join(' ')} S`)
  }

  /**
   * Black runs of a grid, each by column, row and length, in one operation: squares that touch must not be separated by
   * hairlines. The grid's own coordinates keep the file small.
   */
  squares(x: number, y: number, side: number, runs: readonly (readonly [number, number, number])[]): void {
    const boxes = runs.map(([column, row, length]) => `${column} ${row} ${length} 1 re`)
    this.#operators.push(
      `q 0 0 0 rg ${num(side)} 0 0 ${num(-side)} ${num(x)} ${num(pageHeight - y)} cm ${boxes.join(' ')} f Q`,
    )
  }

  /** A filled rectangle, for what stands on a ground of its own. */
  box(x: number, y: number, width: number, height: number, ink: PdfInk): void {
    this.#operators.push(
      `${inkText(ink)} rg ${num(x)} ${num(pageHeight - y - height)} ${num(width)} ${num(height)} re f`,
    )
  }

  link(url: string, x: number, y: number, width: number, height: number): void {
    this.#links.push({ url, box: [x, pageHeight - y - height, x + width, pageHeight - y] })
  }

  /** Its objects in the file, of which the first is numbered `first`: the page, what is drawn, its links. */
  objects(first: number): string[] {
    const content = this.#operators.join('\n')
    const annotations = this.#links.map((_, at) => `${first + 2 + at} 0 R`).join(' ')
    return [
      `<< /Type /Page /Parent ${pagesObject} 0 R /MediaBox [0 0 ${pageWidth} ${pageHeight}] /Contents ${first + 1} 0 R /Annots [${annotations}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ...this.#links.map(
        ({ url, box }) =>
          `<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [${box.map(num).join(' ')}] /A << /S /URI /URI (${escaped(url)}) >> >>`,
      ),
    ]
  }
}

export interface PdfFacts {
  /** BCP 47. */
  readonly language: string
  /** They become properties of the file, each under its own name. */
  readonly properties: Readonly<Record<string, string>>
}

/** The finished file of at least one page. */
export function pdfFile(
  pages: readonly PdfPage[],
  { language, properties }: PdfFacts,
): Uint8Array<ArrayBuffer> {
  const pageNumbers: number[] = []
  const ofPages: string[] = []
  for (const page of pages) {
    const first = firstPageObject + ofPages.length
    pageNumbers.push(first)
    ofPages.push(...page.objects(first))
  }
  const named = Object.entries(properties).map(([name, value]) => `/${name} (${escaped(value)})`)
  return assembled([
    `<< /Type /Catalog /Pages ${pagesObject} 0 R /Lang (${escaped(language)}) /ViewerPreferences << /DisplayDocTitle true >> >>`,
    `<< /Type /Pages /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    fontObject('Helvetica'),
    fontObject('Helvetica-Bold'),
    `<< ${named.join(' ')} >>`,
    ...ofPages,
  ])
}

const black: PdfInk = [0, 0, 0]
const fontNames = { regular: 'F1', bold: 'F2' } as const
const pagesObject = 2
const infoObject = 5
const firstPageObject = 6

const fontObject = (name: string): string =>
  `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`

/** At most four decimals, never an exponent. */
function num(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`Not a coordinate: ${value}`)
  return String(Math.round(value * 10_000) / 10_000)
}

const inkText = (ink: PdfInk): string => ink.map(num).join(' ')

/** A literal string of one byte a character, with brackets and everything beyond ASCII escaped. */
const escaped = (text: string): string =>
  winAnsiBytes(text)
    .map((byte) => {
      const character = String.fromCharCode(byte)
      if ('()\\'.includes(character)) return `\\${character}`
      return byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, '0')}`
    })
    .join('')

/** Objects are numbered from 1 in their order; the table at the end says where each begins. All of it is ASCII. */
function assembled(objects: readonly string[]): Uint8Array<ArrayBuffer> {
  let file = '%PDF-1.4\n'
  const offsets: number[] = []
  for (const [at, object] of objects.entries()) {
    offsets.push(file.length)
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const tableAt = file.length
  file += `xref\n0 ${count}\n0000000000 65535 f \n${table}`
  file += `trailer\n<< /Size ${count} /Root 1 0 R /Info ${infoObject} 0 R >>\nstartxref\n${tableAt}\n%%EOF\n`
  return new TextEncoder().encode(file)
}
