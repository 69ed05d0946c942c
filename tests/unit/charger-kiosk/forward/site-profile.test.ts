import { describe, expect, test } from 'vitest'
import {
  nextChangeS,
  readSiteProfile,
  siteLimit,
  withoutSiteProfiles,
  withSiteProfile,
  type SiteProfile,
} from '@/charger-kiosk/forward/site-profile'

const nowS = 1_790_000_000
const iso = (atS: number) => new Date(atS * 1_000).toISOString()
const frame = {
  version: '1.6',
  nowS,
  phaseVoltageV: 230,
  ownIdOf: (named: unknown) => (named === 7_001 ? 3 : undefined),
} as const

function given(changes: object = {}, schedule: object = {}, connectorId = 1): SiteProfile | undefined {
  return readSiteProfile(
    {
      connectorId,
      csChargingProfiles: {
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Absolute',
        chargingSchedule: {
          chargingRateUnit: 'A',
          startSchedule: iso(nowS),
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 16 },
            { startPeriod: 600, limit: 8 },
          ],
          ...schedule,
        },
        ...changes,
      },
    },
    frame,
  )
}

const limit = (profiles: readonly (SiteProfile | undefined)[], atS = nowS, evseId = 1, transactionId = 3) =>
  siteLimit(
    profiles.filter((one) => one !== undefined),
    { evseId, transactionId },
    atS,
  )

describe('the limit of a site CSMS', () => {
  test('follows its periods and ends with its duration', () => {
    const profile = given({}, { duration: 900 })
    expect([0, 599, 600, 899, 900].map((s) => limit([profile], nowS + s))).toEqual([16, 16, 8, 8, undefined])
    expect(limit([profile], nowS - 1)).toBeUndefined()
    expect(nextChangeS([given({}, { duration: 900 })!], nowS + 10)).toBe(nowS + 600)
  })

  test('holds between its two dates only', () => {
    const profile = given({ validFrom: iso(nowS + 10), validTo: iso(nowS + 20) })
    expect([9, 10, 19, 20].map((s) => limit([profile], nowS + s))).toEqual([undefined, 16, 16, undefined])
  })

  test('comes back every day', () => {
    const profile = given({ chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' }, { duration: 3_600 })
    const day = 86_400
    expect([0, 700, 3_600, day, day + 700, -day].map((s) => limit([profile], nowS + s))).toEqual([
      16,
      8,
      undefined,
      16,
      8,
      16,
    ])
  })

  test('in watts is so many amperes on each of its phases, rounded down', () => {
    const single = {
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 3_000, numberPhases: 1 }],
    }
    expect(limit([given({}, single)])).toBe(13)
    expect(
      limit([given({}, { ...single, chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] })]),
    ).toBe(15)
  })

  test('of the whole charger and of a transaction: the smaller; of two levels: the higher', () => {
    const station = given({ chargingProfilePurpose: 'ChargePointMaxProfile', chargingProfileId: 2 }, {}, 0)
    const own = given(
      { chargingProfilePurpose: 'TxProfile', chargingProfileId: 3, transactionId: 7_001 },
      { chargingSchedulePeriod: [{ startPeriod: 0, limit: 25 }] },
    )
    const higher = given(
      { stackLevel: 4, chargingProfileId: 4 },
      { chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] },
    )
    expect(limit([station, own])).toBe(16)
    expect(limit([own, higher])).toBe(25)
    expect(limit([given(), higher])).toBe(6)
    expect(limit([own], nowS, 2)).toBeUndefined()
    expect(limit([own], nowS, 1, 4)).toBeUndefined()
  })

  test.each([
    [
      'of a transaction that it was never told of',
      given({ chargingProfilePurpose: 'TxProfile', transactionId: 9 }),
    ],
    ['of a transaction nowhere', given({ chargingProfilePurpose: 'TxProfile' }, {}, 0)],
    ['of the whole charger at one of its plugs', given({ chargingProfilePurpose: 'ChargePointMaxProfile' })],
    ['below nothing', given({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit: -1 }] })],
    ['without a period', given({}, { chargingSchedulePeriod: [] })],
    ['in another unit', given({}, { chargingRateUnit: 'hp' })],
  ])('is refused %s', (_why, profile) => {
    expect(profile).toBeUndefined()
  })

  test('is replaced by one of its id or place, and taken away by id or by what it is', () => {
    const first = given()!
    const second = given({ chargingProfileId: 2 })!
    const kept = withSiteProfile([first], second)
    expect(kept).toEqual([second])
    expect(withoutSiteProfiles(kept, { id: 1 }, '1.6')).toBeUndefined()
    expect(withoutSiteProfiles(kept, { id: 2 }, '1.6')).toEqual([])
    expect(
      withoutSiteProfiles(kept, { chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 }, '1.6'),
    ).toEqual([])
    expect(withoutSiteProfiles(kept, { connectorId: 2 }, '1.6')).toBeUndefined()
    expect(withoutSiteProfiles(kept, {}, '1.6')).toEqual([])
  })
})
