import { expect, test } from 'vitest'
import { currencyCode } from '@/lib/core/ids'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { celEngine } from '@/lib/policy/cel'
import { policyFaultOf } from '@/lib/policy/soundness'
import type { Policy } from '@/lib/protocol/messages/policy'
import { tellStory } from '@/tests/fixtures/messages'
import { berlin, nightPeriods, timedPolicy } from '@/tests/fixtures/timed-policy'

const { localTime: _clock, ...clockless } = timedPolicy
const rule = { name: 'a', when: 'true', holdMaxMinor: minorUnits(1) }
const [firstClass] = timedPolicy.classes ?? []
if (firstClass === undefined) throw new Error('The fixture has classes')

test('the simplest policy and the fullest are sound', async () => {
  expect(policyFaultOf((await tellStory()).policy.payload, celEngine)).toBeUndefined()
  expect(policyFaultOf(timedPolicy, celEngine)).toBeUndefined()
})

const faults: readonly (readonly [string, Policy])[] = [
  ['policy.life', { ...timedPolicy, notAfterS: timedPolicy.notBeforeS }],
  ['policy.offer-life', { ...timedPolicy, offerTimeToLiveS: 29 }],
  ['policy.currency', { ...timedPolicy, tariff: { ...timedPolicy.tariff, currency: currencyCode('XTS') } }],
  ['policy.clock-missing', { ...clockless, rules: [rule] }],
  ['policy.clock-order', { ...timedPolicy, localTime: { ...berlin, changes: berlin.changes.toReversed() } }],
  [
    'policy.clock-order',
    {
      ...timedPolicy,
      localTime: { ...berlin, changes: [1, 1].map(() => ({ fromS: epochSeconds(5), offsetMinutes: 0 })) },
    },
  ],
  ['policy.periods-overlap', { ...timedPolicy, periods: [...nightPeriods, ...nightPeriods] }],
  ['policy.class-twice', { ...timedPolicy, classes: [firstClass, firstClass] }],
  ['policy.rule-twice', { ...timedPolicy, rules: [rule, rule] }],
  ['policy.rule-empty', { ...timedPolicy, rules: [{ name: 'a', when: 'true' }] }],
  ['policy.rule-empty', { ...timedPolicy, rules: [{ ...rule, holdMaxMinor: minorUnits(0) }] }],
  ['policy.rule-broken', { ...timedPolicy, rules: [{ ...rule, when: 'holdMinor +' }] }],
]
test.each(faults)('%s', (code, policy) => {
  expect(policyFaultOf(policy, celEngine)).toMatchObject({ code, detail: expect.stringMatching(/^[A-Z].+/) })
})

test('a rule that asks for the hour needs a local time', () => {
  const { periods: _periods, ...rest } = clockless
  const policy = { ...rest, rules: [{ ...rule, when: 'weekday == 7' }] }
  expect(policyFaultOf(policy, celEngine)).toMatchObject({ code: 'policy.clock-missing' })
})
