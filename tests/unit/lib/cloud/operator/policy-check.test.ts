import { expect, test } from 'vitest'
import { currencyCode } from '@/lib/core/ids'
import { addSeconds, epochSeconds, minorUnits, seconds } from '@/lib/core/units'
import { policyFault } from '@/lib/cloud/operator/policy-check'
import { defaultPolicy } from '@/lib/policy/defaults'
import { storyOperator, storyTariff } from '../../../../fixtures/messages'
import { nightPeriods, timedPolicy } from '../../../../fixtures/timed-policy'

const nowS = epochSeconds(1_788_264_000)
const dayS = 86_400
const current = defaultPolicy(storyOperator, 7, storyTariff, addSeconds(nowS, -dayS))
const next = { ...current, sequence: 8 }
const soonS = addSeconds(nowS, 3 * dayS)
const announced = { ...next, notBeforeS: soonS, notAfterS: addSeconds(soonS, 90 * dayS) }

test.each([
  ['the same again', next],
  ['other caps', { ...next, maximumHoldMinor: minorUnits(9_000) }],
  ['another tariff of the same currency at once', { ...next, tariff: { ...storyTariff, perSession: 5_000 } }],
  ['prices by the hour, classes and rules', { ...timedPolicy, ...next, rules: timedPolicy.rules ?? [] }],
  ['other rates from a later moment', { ...announced, tariff: { ...storyTariff, energyPerKwh: 5_900 } }],
])('%s may follow', (_, policy) => {
  expect(policyFault(current, policy, nowS)).toBeUndefined()
})

test.each([
  ['an old sequence', { ...next, sequence: 7 }],
  ['another currency', { ...next, tariff: { ...storyTariff, currency: currencyCode('SEK') } }],
  ['one that would be renewed at once', { ...next, notAfterS: addSeconds(nowS, 60 * dayS) }],
  ['one for ever', { ...next, notAfterS: addSeconds(nowS, 4_000 * dayS) }],
  ['one that ends before it starts', { ...next, notAfterS: addSeconds(next.notBeforeS, -1) }],
  ['a start after the present one has run out', {
    ...announced,
    notBeforeS: addSeconds(current.notAfterS, 1),
    notAfterS: addSeconds(current.notAfterS, 90 * dayS),
  }], // prettier-ignore
  ['offers too short to scan', { ...next, offerTimeToLiveS: 10 }],
  ['an announced fee per session', { ...announced, tariff: { ...storyTariff, perSession: 5_000 } }],
  ['an announced tax', { ...announced, tariff: { ...storyTariff, taxBasisPoints: 700 } }],
  ['an announced idle grace', { ...announced, tariff: { ...storyTariff, idleGraceMinutes: 1 } }],
  ['no hold at all', { ...next, maximumHoldMinor: minorUnits(0) }],
  ['strangers above those with a passkey', { ...next, firstSeenCapMinor: minorUnits(7_000) }],
  ['one stranger above all together', { ...next, exposureCapMinor: minorUnits(100) }],
  [
    'a rule that cannot be read',
    { ...next, rules: [{ name: 'a', when: 'hold > 5', holdMaxMinor: minorUnits(1) }] },
  ],
  ['prices by the hour without a clock', { ...next, periods: nightPeriods }],
  ['sessions without time', { ...next, sessionDurationMaxS: seconds(0) }],
])('%s is refused with a sentence', (_, policy) => {
  expect(policyFault(current, policy, nowS)).toEqual({
    code: expect.stringMatching(/^policy\.[a-z-]+$/),
    detail: expect.stringMatching(/^[A-Z].+\.$/),
  })
})
