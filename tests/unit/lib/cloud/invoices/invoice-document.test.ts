import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { entryKinds, LineSums, ratesOf, sumsOf, type MonthEntry } from '@/lib/cloud/invoices/invoice-document'
import { invoiceMail } from '@/lib/cloud/invoices/invoice-mail'
import { monthAfter } from '@/lib/cloud/invoices/months'
import { roundestRate } from '@/lib/cloud/invoices/roundest-rate'

const entry = fc.record<MonthEntry>({
  kind: fc.constantFrom(...entryKinds),
  rateBasisPoints: fc.constantFrom(0, 700, 1_900),
  netMinor: fc.integer({ min: -9_999, max: 9_999 }),
  taxMinor: fc.integer({ min: -999, max: 999 }),
  site: fc.constantFrom('', 'Kinross Services', 'Almond'),
  energyWh: fc.nat(90_000),
})

const sum = <T>(of: readonly T[], value: (one: T) => number): number =>
  of.reduce((total, one) => total + value(one), 0)

test('lines, rates and sums of whatever entries all come to the same', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const sums = new LineSums()
      for (const one of entries) sums.add(one)
      const lines = sums.lines()
      const [netMinor, taxMinor] = [sum(entries, (one) => one.netMinor), sum(entries, (one) => one.taxMinor)]
      expect(sumsOf(lines)).toMatchObject({ netMinor, taxMinor })
      const rates = ratesOf(lines)
      expect([sum(rates, (one) => one.netMinor), sum(rates, (one) => one.taxMinor)]).toEqual([
        netMinor,
        taxMinor,
      ])
      const settled = entries.filter(({ kind }) => kind === 'settled')
      expect(sumsOf(lines).sessions).toBe(settled.length)
      expect(sumsOf(lines).energyWh).toBe(sum(settled, (one) => one.energyWh))
      expect(sums.isEmpty).toBe(entries.length === 0)
    }),
  )
})

test('sites stand by name, each rate for itself, and corrections below', () => {
  const sums = new LineSums()
  const one = { rateBasisPoints: 1_900, netMinor: 100, taxMinor: 19, site: 'Perth', energyWh: 5 } as const
  sums.add({ ...one, kind: 'refunded', netMinor: -10, taxMinor: -2 })
  sums.add({ ...one, kind: 'settled' })
  sums.add({ ...one, kind: 'settled', rateBasisPoints: 700, taxMinor: 7 })
  sums.add({ ...one, kind: 'settled', site: 'Almond' })
  sums.add({ ...one, kind: 'settled' })
  expect(sums.lines()).toEqual({
    sites: [
      { site: 'Almond', rateBasisPoints: 1_900, sessions: 1, energyWh: 5, netMinor: 100, taxMinor: 19 },
      { site: 'Perth', rateBasisPoints: 1_900, sessions: 2, energyWh: 10, netMinor: 200, taxMinor: 38 },
      { site: 'Perth', rateBasisPoints: 700, sessions: 1, energyWh: 5, netMinor: 100, taxMinor: 7 },
    ],
    corrections: [{ kind: 'refunded', rateBasisPoints: 1_900, sessions: 1, netMinor: -10, taxMinor: -2 }],
  })
})

test('a rate is found again from what it made of an amount', () => {
  for (const rate of [0, 500, 700, 1_900, 2_550, 770])
    for (const gross of [980, 12_345, 99_999]) {
      const tax = Math.round((gross * rate) / (10_000 + rate))
      expect([gross, roundestRate(gross, tax)]).toEqual([gross, rate])
    }
  expect(roundestRate(0, 0)).toBe(0)
  expect(roundestRate(5, 5)).toBe(0)
  // One cent in four says little; it must still be a rate that gives it.
  expect(roundestRate(4, 1)).toBeGreaterThan(1_400)
})

test('months follow each other over the end of the year', () => {
  expect([monthAfter('2026-09'), monthAfter('2026-12')]).toEqual(['2026-10', '2027-01'])
})

test('the mail says in both languages what came to how much', () => {
  const invoice = { number: '2026-000012', month: '2026-10', grossMinor: 123_456 }
  const { subject, text } = invoiceMail(invoice, 'EUR', 'https://outpost.example/fleet/credit#invoices')
  expect(subject).toBe('Invoice 2026-000012 / Rechnung 2026-000012')
  expect(text).toContain('October 2026 is there: €1,234.56')
  expect(text).toContain('Oktober 2026 liegt bereit: 1.234,56')
  expect(text.match(/https:\/\/outpost\.example\/fleet\/credit#invoices/g)).toHaveLength(2)
})
