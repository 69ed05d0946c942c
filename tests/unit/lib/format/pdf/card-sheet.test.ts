import { beforeAll, expect, test } from 'vitest'
import type { CodeReader } from '@/components/camera/read-code'
import { cardSheetPdf, type CardSheet } from '@/lib/format/pdf/card-sheet'
import { printedCode } from '@/lib/format/pdf/printed-code'
import { drawnCodes, openCodeReader, pdfText, pictureOf } from '../../../../fixtures/codes-on-paper'

/** As long as a voucher of one site, and of eight. */
const short = `OP1:${'6BFOXN*TS0BI$ZD-PHQ7I9AD66V5B2'.repeat(7).slice(0, 200)}`
const long = `OP1:${'NCFOXN%TS3DHZN4HAF*PQFKKGTNA.Q'.repeat(13).slice(0, 372)}`

const sheetOf = (texts: readonly string[], change: Partial<CardSheet> = {}): CardSheet => ({
  language: 'de',
  title: 'Guthabenkarten: Sommergäste',
  operator: 'Alpine Power',
  until: 'Gültig bis 13. Feb. 2027',
  sites: ['Kinross Services'],
  where: (sites, more) => `Nur in ${sites}${more === 0 ? '' : ` und ${more} weiteren`}`,
  bearer: 'Wie Bargeld: Wer sie hat, kann damit zahlen.',
  how: 'Kabel einstecken, dann diesen Code der Kamera der Ladesäule zeigen.',
  foot: (page, pages) => `Seite ${page} von ${pages}`,
  cards: texts.map((text, at) => ({
    ...{ amount: '15,00 €', serial: `Karte ${at + 1} · A3F2-91C0`, code: printedCode(text) },
  })),
  ...change,
})

let read: CodeReader

beforeAll(async () => {
  read = await openCodeReader()
})

/** What is written, without where. */
const written = (file: Uint8Array): string => pdfText(file).replaceAll(/\) Tj[\s\S]*?\(/g, ' ')

const mm = (points: number): number => (points * 25.4) / 72

test('every code of a sheet is read back, ten on a page, each with its white ground inside its own card', async () => {
  const texts = Array.from({ length: 11 }, (_, at) => `${short.slice(0, -3)}${100 + at}`)
  const file = cardSheetPdf(sheetOf(texts))
  expect(pdfText(file)).toContain('/Count 2 >>')
  const codes = drawnCodes(file)
  const found = []
  for (const code of codes) found.push(...(await read(pictureOf(code))))
  expect(found).toEqual(texts)
  for (const [at, { x, top, square, size }] of codes.entries()) {
    const column = (at % 10) % 2
    const row = Math.floor((at % 10) / 2)
    const cardLeft = 105 - 85.6 + column * 85.6
    const cardTop = 148.5 - 135 + row * 54
    const left = mm(x - 4 * square) - cardLeft
    const above = mm(842 - top - 4 * square) - cardTop
    expect(left).toBeGreaterThan(35)
    expect(left + mm((size + 8) * square)).toBeLessThan(85.6)
    expect(above).toBeGreaterThan(0)
    expect(above + mm((size + 8) * square)).toBeLessThan(54)
    expect(mm(square)).toBeGreaterThan(0.6)
  }
})

test('a card that names eight sites still has squares that a camera reads, and says where it is good', async () => {
  const sites = ['North', 'South', 'East', 'West', 'Upper', 'Lower', 'Inner', 'Outer'].map((n) => `${n} Yard`)
  const file = cardSheetPdf(sheetOf([long], { sites }))
  const [code] = drawnCodes(file)
  if (code === undefined) throw new Error('No code is drawn')
  expect(mm(code.square)).toBeGreaterThan(0.59)
  expect(await read(pictureOf(code))).toEqual([long])
  for (const site of sites) expect(written(file)).toContain(site)
  const many = written(
    cardSheetPdf(sheetOf([short], { sites: sites.map((site) => `${site} of the Valley`) })),
  )
  expect(many).toMatch(/und \d weiteren/)
})

test('a hole that would make a weaker code unreadable does not lose the money on the card', async () => {
  const [code] = drawnCodes(cardSheetPdf(sheetOf([short])))
  if (code === undefined) throw new Error('No code is drawn')
  const middle = code.size * 0.6
  const holed = pictureOf(code, (row, column) => Math.hypot(row - middle, column - middle) < 8)
  expect(await read(holed)).toEqual([short])
})

test('marks stand outside of the cards, so that a cut that slips shows none', () => {
  const text = pdfText(cardSheetPdf(sheetOf([short])))
  const marks = [...text.matchAll(/0\.4 w 1 J 1 j (\S+) (\S+) m (\S+) (\S+) l S/g)]
  // One row of cards: three cuts down, two across, each at both ends.
  expect(marks).toHaveLength(10)
  for (const [, x1, y1, x2, y2] of marks) {
    const [left, right] = [105 - 85.6, 105 + 85.6]
    const [bottom, top] = [148.5 + 135 - 54, 148.5 + 135]
    const inside = [
      [mm(Number(x1)), mm(Number(y1))],
      [mm(Number(x2)), mm(Number(y2))],
    ].filter(([x = 0, y = 0]) => x > left && x < right && y > bottom && y < top)
    expect(inside).toEqual([])
  }
})
