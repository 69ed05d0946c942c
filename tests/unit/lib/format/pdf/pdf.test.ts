import { expect, test } from 'vitest'
import { PdfPage, pdfFile } from '@/lib/format/pdf/pdf-file'
import { proofInPdf } from '@/lib/format/pdf/proof-property'
import { receiptPdf, type ReceiptPaper } from '@/lib/format/pdf/receipt-page'
import { brokenLines, fittingText, textWidth } from '@/lib/format/pdf/text-width'
import { winAnsiBytes } from '@/lib/format/pdf/win-ansi'

const paper: ReceiptPaper = {
  language: 'de',
  title: 'Quittung 412',
  operator: 'Alpine Power (Süd)',
  place: 'Grimsel North · Bay 2',
  total: '12,40\u00a0€',
  summary: '24,286 kWh',
  lines: [{ name: 'Energie', note: '0,49 € je kWh', value: '12,40 €' }],
  totalRow: { name: 'Summe', value: '12,40 €' },
  taxRows: [{ name: 'Netto', value: '10,42 €' }],
  sections: [{ title: 'Zähler', rows: [{ name: 'Zu Beginn', value: '1.234,567 kWh' }] }],
  check: {
    title: 'Prüfen',
    sentences: ['Scanne den Code.'],
    link: 'https://outpost.example/verify#abc_-9',
    code: { size: 2, isDark: (row, column) => row === column },
  },
  foot: 'Ladevorgang 7c19',
  proof: 'abc_-9',
}

const fileOf = (...pages: readonly PdfPage[]): Uint8Array =>
  pdfFile(pages, { language: 'en', properties: {} })

const textOf = (file: Uint8Array): string => new TextDecoder('latin1').decode(file)

test('euro, umlauts, quotes and narrow spaces have their bytes; what the fonts lack loses its accent first', () => {
  expect(winAnsiBytes('€ä„“’')).toEqual([0x80, 0xe4, 0x84, 0x93, 0x92])
  expect(winAnsiBytes('12\u202f€')).toEqual([0x31, 0x32, 0xa0, 0x80])
  expect(winAnsiBytes('őŁ漢')).toEqual([0x6f, 0x3f, 0x3f])
})

test('the table at the end of the file names the place of every object, and itself', () => {
  const text = textOf(receiptPdf(paper))
  const tableAt = Number(/startxref\n(\d+)/.exec(text)?.[1])
  expect(text.slice(tableAt, tableAt + 4)).toBe('xref')
  const offsets = [...text.slice(tableAt).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) =>
    Number(offset),
  )
  expect(offsets.length).toBeGreaterThan(6)
  for (const [at, offset] of offsets.entries()) {
    expect(text.slice(offset, offset + `${at + 1} 0 obj`.length)).toBe(`${at + 1} 0 obj`)
  }
  const length = Number(/\/Length (\d+)/.exec(text)?.[1])
  const start = text.indexOf('stream\n') + 'stream\n'.length
  expect(text.slice(start + length, start + length + 10)).toBe('\nendstream')
})

test('of several pages each has its own drawing and its own links', () => {
  const pages = ['first', 'second', 'third'].map((word, at) => {
    const page = new PdfPage()
    page.text(50, 50, word)
    page.box(10, 20, 30, 40, [1, 1, 1])
    for (let link = 0; link <= at; link += 1) page.link(`https://outpost.example/${word}/${link}`, 1, 2, 3, 4)
    return page
  })
  const text = textOf(fileOf(...pages))
  const objects = new Map(
    [...text.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj$/gm)].map(([, number, body = '']) => [number, body]),
  )
  const numbers = [...(/\/Kids \[(.*)\] \/Count 3/.exec(text)?.[1] ?? '').matchAll(/(\d+) 0 R/g)].map(
    ([, number]) => number,
  )
  const told = numbers.map((number) => {
    const page = objects.get(number) ?? ''
    expect(page).toContain('/Type /Page /Parent 2 0 R')
    const links = [...(/\/Annots \[(.*?)\]/.exec(page)?.[1] ?? '').matchAll(/(\d+) 0 R/g)]
    return {
      drawn: /\((\w+)\) Tj/.exec(objects.get(/\/Contents (\d+)/.exec(page)?.[1] ?? '') ?? '')?.[1],
      links: links.map(([, link]) => /URI \(.*\/(\w+\/\d)\)/.exec(objects.get(link) ?? '')?.[1]),
    }
  })
  expect(told).toEqual([
    { drawn: 'first', links: ['first/0'] },
    { drawn: 'second', links: ['second/0', 'second/1'] },
    { drawn: 'third', links: ['third/0', 'third/1', 'third/2'] },
  ])
})

test('the file is ASCII, so that no offset depends on how it is read', () => {
  expect(receiptPdf(paper).every((byte) => byte < 0x80)).toBe(true)
})

test('brackets and backslashes in names cannot end a text or begin an operator', () => {
  const page = new PdfPage()
  page.text(10, 10, 'a) Tj ET (b\\')
  expect(textOf(fileOf(page))).toContain('(a\\) Tj ET \\(b\\\\) Tj ET')
})

test('the file carries its proof, and other files carry none', () => {
  expect(proofInPdf(textOf(receiptPdf(paper)))).toBe('abc_-9')
  expect(proofInPdf('%PDF-1.4 something else')).toBeUndefined()
  expect(proofInPdf('/OutpostProof (abc)')).toBeUndefined()
})

test('amounts end at one edge: digits are of one width and text is measured as it will be drawn', () => {
  expect(textWidth('0123456789', 'regular', 10)).toBeCloseTo(55.6)
  expect(textWidth('ä', 'bold', 10)).toBe(textWidth('a', 'bold', 10))
  const page = new PdfPage()
  page.text(100, 10, '12.40', { align: 'right', size: 10 })
  expect(textOf(fileOf(page))).toContain(
    `${Math.round((100 - textWidth('12.40', 'regular', 10)) * 10_000) / 10_000} `,
  )
})

test('long text is broken between words, and a long name is cut rather than drawn over its neighbour', () => {
  const lines = brokenLines('The browser checks by itself and sends nothing anywhere', 'regular', 10, 100)
  expect(lines.length).toBeGreaterThan(2)
  for (const line of lines) expect(textWidth(line, 'regular', 10)).toBeLessThanOrEqual(100)
  const cut = fittingText('Elektrizitätsgenossenschaft Oberhasli', 'regular', 10, 80)
  expect(cut).toMatch(/^Elektriz.*…$/)
  expect(textWidth(cut, 'regular', 10)).toBeLessThanOrEqual(80)
})

test('a coordinate that is no number is a bug, not a broken file', () => {
  expect(() => new PdfPage().text(Number.NaN, 1, 'x')).toThrow(RangeError)
})
