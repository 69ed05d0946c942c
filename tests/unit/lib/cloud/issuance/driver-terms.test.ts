import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { siteId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import { driverTerms } from '@/lib/cloud/issuance/driver-terms'

const nowS = epochSeconds(1_788_264_000)
const kinross = siteId('kinross')
const roaming = (availableMinor: number, capMinor?: number) =>
  driverTerms({ sites: [], capMinor }, availableMinor, EUR, nowS)
const atHome = (availableMinor: number, capMinor?: number) =>
  driverTerms({ sites: [kinross], capMinor }, availableMinor, EUR, nowS)

test('a roaming grant holds at most 100, 60 a session, 8 spends, 7 days', () => {
  expect(roaming(50_000)).toEqual({
    capMinor: 10_000,
    sessionCapMinor: 6_000,
    spendsMax: 8,
    notAfterS: nowS + 7 * 86_400,
    sites: [],
  })
})

test('a grant for certain sites holds at most 300 and lives 45 days', () => {
  expect(atHome(50_000)).toMatchObject({
    capMinor: 30_000,
    sessionCapMinor: 30_000,
    notAfterS: nowS + 45 * 86_400,
    sites: [kinross],
  })
})

test.each([
  ['the balance', roaming(2_500).capMinor, 2_500],
  ['what was asked for', roaming(50_000, 3_000).capMinor, 3_000],
  ['the limit, whatever was asked for', roaming(50_000, 90_000).capMinor, 10_000],
  ['the balance at home', atHome(12_000, 90_000).capMinor, 12_000],
  ['nothing', roaming(0).capMinor, 0],
])('a cap is never above %s', (_, capMinor, expected) => {
  expect(capMinor).toBe(expected)
})
