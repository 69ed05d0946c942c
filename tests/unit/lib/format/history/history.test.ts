import { expect, test } from 'vitest'
import { history } from '@/components/driver/fixtures/history'
import { chargesCsv, type ChargeTableWords } from '@/lib/format/history/charge-table'
import type { ChargeRecord } from '@/lib/format/history/charge-record'
import { filterCharges, filterChoices, filterQuery, noFilter, parseFilter } from '@/lib/format/history/filter'
import {
  groupByMonth,
  middleOfMonthS,
  monthKeyOf,
  monthsBefore,
  sumsByCurrency,
} from '@/lib/format/history/months'

const berlin = 'Europe/Berlin'
const [first] = history
if (first === undefined) throw new Error('a history')
const charge = (changes: Partial<ChargeRecord>): ChargeRecord => ({ ...first, ...changes })

test('a charge after midnight in Berlin belongs to the new month there, and to the old one in UTC', () => {
  const atS = Date.UTC(2026, 7, 31, 22, 30) / 1_000
  expect(monthKeyOf(atS, berlin)).toBe('2026-09')
  expect(monthKeyOf(atS, 'UTC')).toBe('2026-08')
})

test('months are counted back over the turn of a year', () => {
  expect([0, 1, 8, 20].map((count) => monthsBefore('2026-08', count))).toEqual([
    '2026-08',
    '2026-07',
    '2025-12',
    '2024-12',
  ])
})

test('every month key names a moment that lies in that month everywhere', () => {
  const atS = middleOfMonthS('2026-02') ?? 0
  expect([monthKeyOf(atS, 'Pacific/Kiritimati'), monthKeyOf(atS, 'Pacific/Pago_Pago')]).toEqual([
    '2026-02',
    '2026-02',
  ])
  expect(middleOfMonthS('2026')).toBeUndefined()
})

test('no charge is lost or counted twice by grouping, and currencies keep their own sums', () => {
  const months = groupByMonth(history, berlin)
  expect(months.flatMap(({ charges }) => charges)).toEqual(history)
  expect(new Set(months.map(({ key }) => key)).size).toBe(months.length)
  const sum = (currency: string): number =>
    months
      .flatMap(({ sums }) => sums)
      .reduce((all, one) => all + (one.currency === currency ? one.amountMinor : 0), 0)
  for (const { currency, amountMinor } of sumsByCurrency(history)) expect(sum(currency)).toBe(amountMinor)
  expect(sumsByCurrency(history).map(({ currency }) => currency)).toEqual(['EUR', 'CHF'])
})

test('a filter survives the address, and an address that somebody made up means nothing', () => {
  const filter = {
    period: '2026-08',
    site: 'grimsel',
    state: 'settled',
    payer: 'fleet',
    search: 'Bay 2 & co',
  } as const
  expect(parseFilter(new URLSearchParams(filterQuery(filter)))).toEqual(filter)
  expect(filterQuery(noFilter)).toBe('')
  const odd = new URLSearchParams('period=2026-13&site=<script>&state=paid&paid=me&q=' + 'x'.repeat(500))
  expect(parseFilter(odd)).toEqual({ ...noFilter, search: 'x'.repeat(60) })
})

test('conditions narrow together, and a search knows neither case nor accents', () => {
  const charges = [
    charge({ siteLabel: 'Zürich Süd', siteId: 'zh', payer: 'own', state: 'settled' }),
    charge({ siteLabel: 'Zürich Nord', siteId: 'zn', payer: 'fleet', state: 'settled' }),
  ]
  expect(filterCharges(charges, { ...noFilter, search: 'zurich sud' }, berlin)).toHaveLength(1)
  expect(filterCharges(charges, { ...noFilter, search: 'ZÜRICH', payer: 'fleet' }, berlin)).toEqual([
    charges[1],
  ])
  expect(filterCharges(charges, { ...noFilter, search: 'zürich', state: 'case' }, berlin)).toEqual([])
})

test('every choice that is offered finds something', () => {
  const { periods, sites, states, payers } = filterChoices(history, berlin)
  for (const period of periods)
    expect(filterCharges(history, { ...noFilter, period }, berlin)).not.toEqual([])
  for (const { id } of sites)
    expect(filterCharges(history, { ...noFilter, site: id }, berlin)).not.toEqual([])
  for (const state of states) expect(filterCharges(history, { ...noFilter, state }, berlin)).not.toEqual([])
  for (const payer of payers) expect(filterCharges(history, { ...noFilter, payer }, berlin)).not.toEqual([])
  expect(periods[0]).toMatch(/^\d{4}$/)
  expect(periods[1]).toMatch(/^\d{4}-\d{2}$/)
})

const words: ChargeTableWords = { column: (name) => name, payer: (name) => name, state: (name) => name }

function rowOf(changes: Partial<ChargeRecord>, locale: 'en' | 'de' = 'en'): Readonly<Record<string, string>> {
  const [head = '', row = ''] = chargesCsv([charge(changes)], words, { locale, timeZone: berlin })
    .slice(1)
    .split('\r\n')
  const cells = row.split(locale === 'de' ? ';' : ',')
  return Object.fromEntries(
    head.split(locale === 'de' ? ';' : ',').map((name, at) => [name, cells[at] ?? '']),
  )
}

test('a table has plain decimals in the sign of the language, net and tax that add up, and the time of the place', () => {
  const changes = {
    startS: Date.UTC(2026, 7, 11, 12, 10, 5) / 1_000,
    energyWh: 24_286,
    totalMinor: 1_240,
    taxMinor: 198,
    currency: 'EUR',
  }
  expect(rowOf(changes)).toMatchObject({
    started: '2026-08-11 14:10:05',
    energyKwh: '24.286',
    total: '12.40',
    net: '10.42',
    tax: '1.98',
  })
  expect(rowOf(changes, 'de')).toMatchObject({ energyKwh: '24,286', total: '12,40' })
  expect(rowOf({ ...changes, currency: 'JPY' })['total']).toBe('1240')
})

test('an employer pays back what the driver paid, less refunds, and nothing that the fleet paid', () => {
  expect(rowOf({ payer: 'own', totalMinor: 1_240, refundedMinor: 200 })['toReimburse']).toBe('10.40')
  expect(rowOf({ payer: 'fleet', totalMinor: 1_240, refundedMinor: 0 })['toReimburse']).toBe('0.00')
})
