import { describe, expect, test } from 'vitest'
import { messageHash, siteId } from '@/lib/core/ids'
import { addSeconds, epochSeconds, minorUnits } from '@/lib/core/units'
import { defaultPolicy } from '@/lib/policy/defaults'
import { bindingHoldLimit, type HoldQuestion } from '@/lib/policy/hold-limits'
import { storyGrant, storyOperator, storyTariff, storyTimeS } from '../../../fixtures/messages'

const base: HoldQuestion = {
  policy: defaultPolicy(storyOperator, 1, storyTariff, epochSeconds(storyTimeS - 86_400)),
  grant: storyGrant,
  offerMaximumMinor: minorUnits(6_000),
  nowS: storyTimeS,
  clockQuality: 'synchronised',
  grantRoomMinor: minorUnits(10_000),
  confirmedHere: false,
  usedHereMinor: minorUnits(0),
  exposureMinor: minorUnits(0),
  stepUp: false,
}

describe('which limit binds', () => {
  test.each<[string, Partial<HoldQuestion>, string, number]>([
    ['a charger that does not know the grant', {}, 'hold.first-seen', 1_500],
    ['the same with earlier use there', { usedHereMinor: minorUnits(1_000) }, 'hold.first-seen', 500],
    ['with the passkey', { stepUp: true }, 'hold.offer-maximum', 6_000],
    [
      'with the passkey on a grant of this morning',
      { stepUp: true, grant: { ...storyGrant, notBeforeS: addSeconds(storyTimeS, -3_600) } },
      'hold.first-seen',
      3_000,
    ],
    ['confirmed here, no passkey shown', { confirmedHere: true }, 'step-up.required', 3_000],
    ['confirmed here, with the passkey', { confirmedHere: true, stepUp: true }, 'hold.offer-maximum', 6_000],
    [
      'an unknown clock caps even the known',
      { confirmedHere: true, clockQuality: 'unknown' },
      'hold.clock',
      1_500,
    ],
    [
      'a sealed key stays at the first-seen cap',
      { confirmedHere: true, stepUp: true, grant: { ...storyGrant, keyProtection: 'sealed' } },
      'hold.clock',
      1_500,
    ],
    ['a nearly spent grant', { grantRoomMinor: minorUnits(321) }, 'wallet.cap', 321],
    ['a charger full of unsynced money', { exposureMinor: minorUnits(299_900) }, 'hold.exposure', 100],
    [
      'which does not hinder site-bound grants',
      { exposureMinor: minorUnits(299_900), grant: { ...storyGrant, sites: [siteId('kinross')] } },
      'hold.first-seen',
      1_500,
    ],
    [
      'a site-bound grant that the site’s reserve holds is no stranger',
      { grant: { ...storyGrant, sites: [siteId('kinross')] }, siteReserveHeld: true },
      'step-up.required',
      3_000,
    ],
    [
      'a site-bound grant without the reserve is a stranger like any other',
      { grant: { ...storyGrant, sites: [siteId('kinross')] }, siteReserveHeld: false },
      'hold.first-seen',
      1_500,
    ],
    [
      'and even where it is confirmed it stays below the roaming limits',
      {
        grant: { ...storyGrant, sites: [siteId('kinross')], sessionCapMinor: minorUnits(30_000) },
        siteReserveHeld: false,
        confirmedHere: true,
        stepUp: true,
        offerMaximumMinor: minorUnits(30_000),
      },
      'hold.site-reserve',
      6_000,
    ],
    [
      'a permit stands in for the first-seen cap',
      { raisedMinor: minorUnits(2_500), usedHereMinor: minorUnits(500) },
      'hold.first-seen',
      2_000,
    ],
    [
      'and for exposure, but never for the passkey',
      { raisedMinor: minorUnits(5_000), exposureMinor: minorUnits(299_900) },
      'step-up.required',
      3_000,
    ],
    [
      'nor step-up',
      { exposureMinor: minorUnits(299_900), stepUp: true, confirmedHere: true },
      'hold.offer-maximum',
      6_000,
    ],
  ])('%s', (_name, change, code, maximumMinor) => {
    expect(bindingHoldLimit({ ...base, ...change })).toEqual({ code, maximumMinor })
  })

  test('a grant without a passkey is never asked for one', () => {
    const { passkeyHash: _none, ...withoutPasskey } = storyGrant
    const limit = bindingHoldLimit({ ...base, grant: withoutPasskey, confirmedHere: true })
    expect(limit).toEqual({ code: 'hold.offer-maximum', maximumMinor: 6_000 })
    expect(storyGrant.passkeyHash).toBe(messageHash('00112233445566778899aabbccddeeff'))
  })
})
