import { expect, test } from 'vitest'
import { invoicePdf, type InvoicePaper, type InvoiceRow } from '@/lib/format/pdf/invoice-pages'

const row = (name: string): InvoiceRow => ({ name, cells: ['12', '345,6', '19 %', '100,00 €', '119,00 €'] })

const paper: InvoicePaper = {
  ...{ language: 'de', title: 'Rechnung 2026-000123', period: 'vom 1. bis 31. Okt. 2026 (UTC)' },
  seller: { name: 'Alpine Power (Süd)', lines: ['Bahnhofstraße 1', '80331 München', 'Steuernummer 12/345'] },
  buyer: { title: 'Rechnung an', name: 'Łódź Kurier 漢字', lines: ['ul. Piotrkowska 1', 'Polska'] },
  facts: [{ name: 'Nummer', value: '2026-000123' }],
  columns: ['Vorgänge', 'kWh', 'USt.', 'Netto', 'Brutto'],
  sections: [
    { title: 'Laden nach Standort', rows: [row('Kinross')] },
    { title: 'Korrekturen', rows: [row('Erstattungen')] },
  ],
  sums: [{ name: 'Nettobetrag', value: '200,00 €' }],
  total: { name: 'Gesamtbetrag', value: '238,00 €' },
  notes: ['Aus Ihrem Guthaben beglichen.', 'Alle Ladevorgänge stehen einzeln in der CSV-Datei.'],
  foot: 'Alpine Power (Süd) · Bahnhofstraße 1',
  pageOf: (page, pages) => `Seite ${page} von ${pages}`,
}

const textOf = (file: Uint8Array): string => new TextDecoder('latin1').decode(file)
const count = (text: string, part: string): number => text.split(part).length - 1

test('a month at few sites is one page that names both sides, each line and the sum', () => {
  const text = textOf(invoicePdf(paper))
  expect(text).toContain('/Count 1')
  for (const said of [
    'Rechnung 2026-000123',
    'Alpine Power \\(S\\374d\\)',
    'Kinross',
    'Erstattungen',
    'Gesamtbetrag',
  ])
    expect(text).toContain(said)
  expect(text).toContain('(Seite 1 von 1)')
})

test('what the fonts lack does not break the file', () => {
  expect(textOf(invoicePdf(paper))).toContain('?\\363dz Kurier ??')
})

test('many lines go on over pages, each with heads, number and its count; none is lost', () => {
  const rows = Array.from({ length: 90 }, (_, at) => row(`Site <${at}>`))
  const text = textOf(invoicePdf({ ...paper, sections: [{ title: 'Standorte', rows }] }))
  const pages = Number(/\/Count (\d+)/.exec(text)?.[1])
  expect(pages).toBeGreaterThan(2)
  for (let page = 1; page <= pages; page += 1) expect(text).toContain(`(Seite ${page} von ${pages})`)
  for (const [at] of rows.entries()) expect(count(text, `(Site <${at}>)`)).toBe(1)
  expect(count(text, '(Standorte)')).toBeGreaterThan(1)
  expect(count(text, '(Gesamtbetrag)')).toBe(1)
})

test('nothing is drawn into the foot of a page, however many lines there are', () => {
  for (let lines = 1; lines < 60; lines += 1) {
    const rows = Array.from({ length: lines }, (_, at) => row(`S${at}`))
    const text = textOf(invoicePdf({ ...paper, sections: [{ title: 'Standorte', rows }] }))
    const heights = [...text.matchAll(/(\d+(?:\.\d+)?) Td \(([^)]*)\)/g)]
      .filter(([, , said = '']) => !said.startsWith('Seite') && !said.startsWith('Alpine Power'))
      .map(([, y]) => Number(y))
    expect(Math.min(...heights)).toBeGreaterThan(64)
  }
})
