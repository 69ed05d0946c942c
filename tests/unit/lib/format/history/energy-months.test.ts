import fc from 'fast-check'
import { expect, test } from 'vitest'
import { history } from '@/components/driver/fixtures/history'
import { nowS } from '@/components/driver/fixtures/story'
import { minorUnitExponent } from '@/lib/core/currency'
import type { ChargeRecord } from '@/lib/format/history/charge-record'
import { axisSteps, energyFigures } from '@/lib/format/history/energy-months'

const ask = (charges: readonly ChargeRecord[], currency: string | null = null) =>
  energyFigures(charges, {
    nowS,
    timeZone: 'Europe/Berlin',
    currency,
    exponentOf: (code) => minorUnitExponent(code) ?? 2,
  })

const [first] = history
if (first === undefined) throw new Error('a history')
const charge = (changes: Partial<ChargeRecord>): ChargeRecord => ({ ...first, refundedMinor: 0, ...changes })

test('twelve months end with the present one, and months without a charge stand between the others', () => {
  const { months } = ask(history)
  expect(months).toHaveLength(12)
  expect(months.at(-1)?.key).toBe('2026-08')
  expect(months[0]?.key).toBe('2025-09')
  const gap = ask([charge({ endedAtS: nowS }), charge({ endedAtS: nowS - 70 * 86_400 })]).months
  expect(gap.map(({ count }) => count)).toEqual([1, 0, 1])
  expect(gap[1]?.rate).toBeNull()
})

test('the months, the sites and the whole tell of the same energy and the same money', () => {
  const { months, sites, total } = ask(history)
  const sum = (list: readonly { energyWh: number; costMinor: number }[]) => ({
    energyWh: list.reduce((all, { energyWh }) => all + energyWh, 0),
    costMinor: list.reduce((all, { costMinor }) => all + costMinor, 0),
  })
  expect(sum(months)).toEqual({ energyWh: total.energyWh, costMinor: total.costMinor })
  expect(sum(sites)).toEqual({ energyWh: total.energyWh, costMinor: total.costMinor })
})

test('currencies are never mixed, and the usual one comes first', () => {
  const usual = ask(history)
  expect([usual.currency, ...usual.currencies]).toEqual(['EUR', 'EUR', 'CHF'])
  const other = ask(history, 'CHF')
  expect(other.currency).toBe('CHF')
  expect(other.sites.map(({ siteId }) => siteId)).toEqual(['susten'])
  expect(ask(history, 'XXX').currency).toBe('EUR')
})

test('what a kWh came to holds all fees and all refunds, to four decimals of the major unit', () => {
  const one = { endedAtS: nowS, energyWh: 20_000, totalMinor: 1_000, currency: 'EUR' }
  expect(ask([charge(one)]).total.rate).toBe(5_000)
  expect(ask([charge({ ...one, refundedMinor: 100 })]).total.rate).toBe(4_500)
  expect(ask([charge({ ...one, currency: 'JPY' })]).total.rate).toBe(500_000)
  expect(ask([charge({ ...one, energyWh: 0 })]).total.rate).toBeNull()
})

test('codes that were never used are no charges, and without charges there is no picture', () => {
  expect(ask([charge({ state: 'unused' })])).toMatchObject({ currency: null, months: [], sites: [] })
})

test('an axis ends at or above its highest figure, in at most five even steps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (max) => {
      const { step, end } = axisSteps(max)
      expect(end).toBeGreaterThanOrEqual(max)
      expect(end - max).toBeLessThan(step)
      expect(end % step).toBe(0)
      expect(end / step).toBeLessThanOrEqual(5)
    }),
  )
})
