import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { addSeconds } from '@/lib/core/units'
import { policyFault } from '@/lib/cloud/operator/policy-check'
import { readPolicyDocument } from '@/lib/cloud/operator/policy-document'
import { defaultPolicy } from '@/lib/policy/defaults'
import { storyOperator, storyTariff, storyTimeS } from '@/tests/fixtures/messages'
import { berlin } from '@/tests/fixtures/timed-policy'

const context = { tariff: storyTariff, exponent: 2 }
const read = (document: unknown) => readPolicyDocument(JSON.stringify(document), context)
const sample = readFileSync(new URL('../../../../../docs/policy.sample.json', import.meta.url), 'utf8')

test('the published sample is read, and may follow the default policy', () => {
  const { without, ...terms } = expectOk(readPolicyDocument(sample, context), 'a document')
  expect(without).toEqual(['switches'])
  expect(terms.periods).toEqual([
    {
      weekdays: 127,
      fromMinute: 1_320,
      toMinute: 360,
      energyPerKwh: 2_900,
      timePerMinute: 0,
      idlePerMinute: 0,
    },
    {
      weekdays: 96,
      fromMinute: 360,
      toMinute: 1_320,
      energyPerKwh: 3_900,
      timePerMinute: 0,
      idlePerMinute: 1_000,
    },
  ])
  expect(terms.classes?.[0]).toMatchObject({ vehicleClass: 0, powerMaxW: 22_000, durationMaxS: 0 })
  expect(terms.rules?.[0]).toMatchObject({ name: 'strangers-at-night', holdMaxMinor: 1_000 })
  const current = defaultPolicy(storyOperator, 7, storyTariff, addSeconds(storyTimeS, -86_400))
  // Whoever signs puts the clock of the zone in.
  const next = { ...current, ...terms, localTime: berlin, sequence: 8 }
  expect(policyFault(current, next, storyTimeS)).toBeUndefined()
})

test('what a document leaves out is left out of the policy, and the tariff stays', () => {
  expect(expectOk(read({}), 'a document')).toEqual({
    tariff: storyTariff,
    without: ['localTime', 'periods', 'classes', 'rules', 'switches'],
  })
})

test('switches, amounts of other currencies and the end of a day', () => {
  const document = {
    timeZone: 'Asia/Tokyo',
    bluetooth: 'off',
    cards: 'off',
    periods: [{ days: ['mon'], from: '18:30', to: '00:00', energy: '39.5' }],
    rules: [{ name: 'a', when: 'true', maxHold: '1500' }],
  }
  const yen = readPolicyDocument(JSON.stringify(document), { tariff: storyTariff, exponent: 0 })
  expect(yen).toMatchObject({
    ok: true,
    value: {
      switches: 3,
      periods: [{ weekdays: 1, fromMinute: 1_110, toMinute: 1_440, energyPerKwh: 395_000 }],
      rules: [{ holdMaxMinor: 1_500 }],
    },
  })
})

test.each([
  ['no JSON', '{', /JSON/],
  ['a misspelt name', '{"period": []}', /period/],
  ['a price that is a number', '{"tariff": {"energy": 0.49}}', /tariff\.energy/],
  [
    'an hour that does not exist',
    '{"periods": [{"from": "24:00", "to": "06:00", "energy": "1"}]}',
    /periods\.0\.from/,
  ],
  ['a rule with a name of spaces', '{"rules": [{"name": "a b", "when": "true"}]}', /rules\.0\.name/],
])('%s is refused with where and what', (_name, text, detail) => {
  expect(readPolicyDocument(text, context)).toMatchObject({
    ok: false,
    error: { code: 'policy.document', detail: expect.stringMatching(detail) },
  })
})
