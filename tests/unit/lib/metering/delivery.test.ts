import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochSeconds, wattHours } from '@/lib/core/units'
import { deliveryOf, disagreement, type Billed, type Delivery } from '@/lib/metering/delivery'
import { parseOcmf, type Ocmf } from '@/lib/metering/ocmf'

const startS = 1_793_000_000

const reading = (reason: string, energyKwh: number | string, minutes = 0, changes: object = {}): object => ({
  TM: `${new Date((startS + minutes * 60) * 1_000).toISOString().replace('.', ',').replace('Z', '')}+0000 S`,
  TX: reason,
  RV: energyKwh,
  RI: '1-b:1.8.0',
  RU: 'kWh',
  EF: '',
  ST: 'G',
  ...changes,
})

function record(page: number, readings: readonly object[], changes: object = {}): Ocmf {
  const payload = { PG: `T${page}`, MS: 'M1', RD: readings, ...changes }
  // Figures as text keep the zeros at their end.
  const text = JSON.stringify(payload).replaceAll(/"RV":"([\d.]+)"/g, '"RV":$1')
  const parsed = parseOcmf(`OCMF|${text}|{"SD":"00"}`)
  if (!parsed.ok) throw new Error(parsed.error.detail)
  return parsed.value
}

const faultOf = (...records: readonly Ocmf[]): string => {
  const delivery = deliveryOf(records)
  return delivery.ok ? 'none' : delivery.error.fault
}

const delivered = (...records: readonly Ocmf[]): Delivery => {
  const delivery = deliveryOf(records)
  if (!delivery.ok) throw new Error(delivery.error.fault)
  return delivery.value
}

const tag = 'ab'.repeat(10)
const billed = (energyWh: number): Billed => ({
  energyWh: wattHours(energyWh),
  tag,
  startS: epochSeconds(startS),
})
const whole = record(1, [reading('B', '10.000'), reading('E', '22.345', 60)])

describe('what records prove', () => {
  it('is the energy between begin and end, in one record or in two', () => {
    expect(delivered(whole).energyWh).toBe(12_345)
    const two = [record(1, [reading('B', '10.000')]), record(2, [reading('E', '22.345', 60)])]
    expect(delivered(...two).energyWh).toBe(12_345)
  })

  it('knows readings between them, ends of every kind, and registers of what was given back', () => {
    const records = [
      record(1, [
        reading('B', '5.000', 0, { RI: '1-b:2.8.0' }),
        reading('B', '10.000'),
        reading('C', '11.000', 5),
      ]),
      record(4, [
        reading('B', '10.000'),
        reading('A', '12.000', 9),
        reading('E', '6.000', 9, { RI: '1-b:2.8.0' }),
      ]),
    ]
    expect(delivered(...records).energyWh).toBe(2_000)
  })

  it('says so where watt-hours are not whole', () => {
    const delivery = delivered(record(1, [reading('B', '10.0004'), reading('E', '11.0000')]))
    expect(delivery.energyWh).toBeUndefined()
    expect(delivery.endMilliWh - delivery.beginMilliWh).toBe(999_600n)
  })

  it.each([
    ['serial', [record(1, [reading('B', 1)]), record(2, [reading('E', 2)], { MS: 'M2' })]],
    ['pagination', [record(2, [reading('B', 1)]), record(2, [reading('E', 2)])]],
    ['pagination', [record(2, [reading('B', 1)]), record(1, [reading('E', 2)])]],
    ['no-begin', []],
    ['no-begin', [record(1, [reading('E', 2)])]],
    ['no-end', [record(1, [reading('B', 1), reading('C', 2)])]],
    ['unit', [record(1, [reading('B', 1), reading('E', 2, 0, { RU: 'uOhm' })])]],
    ['begin', [record(1, [reading('B', 1)]), record(2, [reading('B', 2), reading('E', 3)])]],
    ['ran-back', [record(1, [reading('B', 2), reading('E', 1)])]],
    ['ran-back', [record(1, [reading('B', 2)]), record(2, [reading('E', 1)])]],
    ['time-order', [record(1, [reading('B', 1, 60), reading('E', 2)])]],
    ['state', [record(1, [reading('B', 1), reading('E', 2, 0, { ST: 'M' })])]],
    ['state', [record(1, [reading('B', 1, 0, { EF: 'E' }), reading('E', 2)])]],
  ])('is nothing for %s', (expected, records) => {
    expect(faultOf(...records)).toBe(expected)
  })
})

describe('a bill', () => {
  const fault = (bill: Billed, ...records: readonly Ocmf[]): string | undefined =>
    disagreement(delivered(...records), records, bill)?.fault

  it('agrees to the watt-hour, and one more is one too many', () => {
    expect(fault(billed(12_345), whole)).toBeUndefined()
    expect(fault(billed(12_346), whole)).toBe('energy')
    expect(fault(billed(12_344), whole)).toBe('energy')
  })

  it('of whole watt-hours agrees with a finer meter, whichever way both ends were rounded', () => {
    fc.assert(
      fc.property(
        fc.nat(9_999_999),
        fc.nat(9_999_999),
        fc.constantFrom(Math.floor, Math.round),
        (begin, more, roundTo) => {
          const records = [record(1, [reading('B', digits(begin)), reading('E', digits(begin + more))])]
          const bill = roundTo((begin + more) / 100) - roundTo(begin / 100)
          return fault(billed(bill), ...records) === undefined
        },
      ),
      { numRuns: 60 },
    )
  })

  it('may differ by less than the step of a coarse meter, and by no more than 10 Wh', () => {
    const coarse = record(1, [reading('B', '10.00'), reading('E', '12.34')])
    expect(fault(billed(2_349), coarse)).toBeUndefined()
    expect(fault(billed(2_350), coarse)).toBe('energy')
    const coarsest = record(1, [reading('B', 10), reading('E', 12)])
    expect(fault(billed(2_009), coarsest)).toBeUndefined()
    expect(fault(billed(2_010), coarsest)).toBe('energy')
  })

  it('is not that of another session, by its tag or by its time', () => {
    const named = (ID: string): Ocmf => record(1, [reading('B', 1), reading('E', 2)], { IS: true, ID })
    expect(fault(billed(1_000), named(tag.toUpperCase()))).toBeUndefined()
    expect(fault(billed(1_000), named('a card'))).toBeUndefined()
    expect(fault(billed(1_000), named('cd'.repeat(10)))).toBe('session')
    const yesterday = record(1, [reading('B', 1, -1_440), reading('E', 2, -1_400)])
    expect(fault(billed(1_000), yesterday)).toBe('old')
    expect(fault({ ...billed(1_000), startS: undefined }, yesterday)).toBeUndefined()
  })
})

/** Hundredths of a watt-hour as kilowatt-hours with five places. */
const digits = (hundredths: number): string =>
  `${Math.floor(hundredths / 100_000)}.${String(hundredths % 100_000).padStart(5, '0')}`
