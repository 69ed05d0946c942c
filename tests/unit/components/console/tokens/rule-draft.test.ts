import { expect, test } from 'vitest'
import { draftOf, rulesOfDraft, usualDraft } from '@/components/console/tokens/rule-draft'

const driver = { id: 'ab'.repeat(16), label: 'Ailsa Reid' }
const strict = {
  ...{ sessionCapMinor: 6_050, dailyLimitMinor: 8_000, monthLimitMinor: 30_000, sites: ['kinross'] },
  ...{ fromMinute: 1_290, toMinute: 390, connectorPowerMaxW: 22_080, vehicleClass: 2 },
  ...{ driverId: driver.id, vehicleId: null },
}
const token = { rules: strict, driver, vehicle: null }

test('rules that are typed are the rules that were shown', () => {
  expect(rulesOfDraft(draftOf(token, 'EUR'), 'EUR')).toEqual(strict)
  expect(draftOf(token, 'EUR')).toMatchObject({
    session: '60.5',
    from: '21:30',
    to: '06:30',
    powerKw: '22.08',
  })
  // Yen have no smaller unit.
  expect(rulesOfDraft(draftOf(token, 'JPY'), 'JPY')).toEqual(strict)
})

test('what is left empty is not limited, but for the session', () => {
  expect(rulesOfDraft(usualDraft, 'EUR')).toMatchObject({
    ...{ sessionCapMinor: 6_000, dailyLimitMinor: 0, monthLimitMinor: 0, fromMinute: 0, toMinute: 0 },
    connectorPowerMaxW: null,
  })
  expect(rulesOfDraft({ ...usualDraft, session: '' }, 'EUR')).toBeUndefined()
})

test.each([{ session: '-1' }, { day: 'x' }, { powerKw: '0' }, { powerKw: '4001' }, { from: '7' }])(
  'what is no rule is none: %j',
  (change) => {
    expect(rulesOfDraft({ ...usualDraft, ...change }, 'EUR')).toBeUndefined()
  },
)
