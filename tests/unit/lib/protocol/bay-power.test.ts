import { expect, test } from 'vitest'
import { coversPower, type Grant } from '@/lib/protocol/messages/grant'
import { bayPowerOf, powerStepsOf, type Offer } from '@/lib/protocol/messages/offer'

const grant = (connectorPowerMaxW?: number): Grant =>
  ({ ...(connectorPowerMaxW === undefined ? {} : { connectorPowerMaxW }) }) as Grant

test('a bay’s power is rounded up in an offer, so that no phone proposes what the charger declines', () => {
  expect(powerStepsOf(22_000)).toBe(220)
  expect(powerStepsOf(22_001)).toBe(221)
  expect(powerStepsOf(0)).toBeUndefined()
  expect(powerStepsOf(9_000_000)).toBe(40_000)
  expect(bayPowerOf({ bayPowerSteps: 221 } as Offer)).toBe(22_100)
  expect(bayPowerOf({} as Offer)).toBe(0)
})

test.each([
  [undefined, 0, true],
  [undefined, 350_000, true],
  [22_000, 22_000, true],
  [22_000, 22_100, false],
  [22_000, 0, false],
])('a grant up to %s W may use a bay of %s W: %s', (most, bayW, may) => {
  expect(coversPower(grant(most), bayW)).toBe(may)
})
