import { expect, test } from 'vitest'
import { formatEnergy, formatEnergyExact, formatPower } from '@/lib/format/energy'

test('less than a kilowatt-hour is shown in watt-hours', () => {
  expect(formatEnergy('en', 0)).toBe('0\u00a0Wh')
  expect(formatEnergy('de', 999)).toBe('999\u00a0Wh')
})

test('more is shown in kilowatt-hours with one decimal', () => {
  expect(formatEnergy('en', 12_345)).toBe('12.3\u00a0kWh')
  expect(formatEnergy('de', 1_234_500)).toBe('1.234,5\u00a0kWh')
})

test('receipts show every watt-hour', () => {
  expect(formatEnergyExact('en', 1_258_853)).toBe('1,258.853\u00a0kWh')
})

test('power follows the same steps', () => {
  expect(formatPower('en', 850)).toBe('850\u00a0W')
  expect(formatPower('de', 11_040)).toBe('11,0\u00a0kW')
})
