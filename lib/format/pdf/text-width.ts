/**
 * How wide text is in the built-in fonts Helvetica and Helvetica-Bold, in thousandths of the font's size (Adobe's
 * published font metrics). Needed for amounts that end at one edge, and to break lines.
 */

import { winAnsiBytes } from './win-ansi'

export type PdfFont = 'regular' | 'bold'

/** From the space (32) to the tilde (126). */
const ascii: Readonly<Record<PdfFont, readonly number[]>> = {
  regular: [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ],
  bold: [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
  ],
}

/** Beyond ASCII: what is no accented letter. By WinAnsi byte; regular, bold. */
const others: Readonly<Record<number, readonly [number, number]>> = {
  0x80: [556, 556],
  0x82: [222, 278],
  0x84: [333, 500],
  0x85: [1000, 1000],
  0x89: [1000, 1000],
  0x8b: [333, 333],
  0x8c: [1000, 1000],
  0x91: [222, 278],
  0x92: [222, 278],
  0x93: [333, 500],
  0x94: [333, 500],
  0x95: [350, 350],
  0x97: [1000, 1000],
  0x99: [1000, 1000],
  0x9b: [333, 333],
  0x9c: [944, 944],
  0xa0: [278, 278],
  0xa9: [737, 737],
  0xae: [737, 737],
  0xb0: [400, 400],
  0xb7: [278, 278],
  0xc6: [1000, 1000],
  0xd7: [584, 584],
  0xd8: [778, 778],
  0xdf: [611, 611],
  0xe6: [889, 889],
  0xf8: [611, 611],
}

const usualWidth = 556

/** In points, for text of this size. */
export const textWidth = (text: string, font: PdfFont, size: number): number =>
  (winAnsiBytes(text).reduce((sum, byte) => sum + byteWidth(byte, font), 0) * size) / 1_000

function byteWidth(byte: number, font: PdfFont): number {
  const other = others[byte]
  if (other !== undefined) return other[font === 'regular' ? 0 : 1]
  return ascii[font][baseOf(byte) - 32] ?? usualWidth
}

/** An accented letter is as wide as the letter without; Latin-1 bytes are their own code points. */
function baseOf(byte: number): number {
  if (byte < 0x80) return byte
  return String.fromCodePoint(byte).normalize('NFD').codePointAt(0) ?? byte
}

/** Breaks at spaces; a word that is too long for any line stands alone. */
export function brokenLines(text: string, font: PdfFont, size: number, widthMax: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(`${last} ${word}`, font, size) <= widthMax) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}

/** The beginning that fits, with three dots where something is missing. */
export function fittingText(text: string, font: PdfFont, size: number, widthMax: number): string {
  if (textWidth(text, font, size) <= widthMax) return text
  let end = text.length
  while (end > 0 && textWidth(`${text.slice(0, end)}…`, font, size) > widthMax) end -= 1
  return `${text.slice(0, end).trimEnd()}…`
}
