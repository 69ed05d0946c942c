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
