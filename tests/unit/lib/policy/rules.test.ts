import { describe, expect, test } from 'vitest'
import { minorUnits, seconds } from '@/lib/core/units'
import { celEngine } from '@/lib/policy/cel'
import { classTerms } from '@/lib/policy/class-limits'
import { ruleFactsOf, type RuleFacts } from '@/lib/policy/rule-facts'
import { declineFacts, judgeByRules, noRules } from '@/lib/policy/rules'
import type { PolicyRule } from '@/lib/protocol/messages/policy-terms'
import { storyGrant, storyTimeS } from '@/tests/fixtures/messages'
import { timedPolicy } from '@/tests/fixtures/timed-policy'

const facts = (changes: Partial<RuleFacts> = {}): RuleFacts => ({
  ...ruleFactsOf({
    policy: timedPolicy,
    grant: storyGrant,
    holdMinor: 1_500,
    stepUp: false,
    connectorId: 1,
    nowS: storyTimeS,
    clockQuality: 'synchronised',
  }),
  ...changes,
})
const judge = (
  rules: readonly PolicyRule[],
  changes?: Partial<RuleFacts>,
  asker: 'charger' | 'phone' = 'charger',
) => judgeByRules(rules, facts(changes), celEngine, asker)

const rule = (name: string, when: string, effect: Partial<PolicyRule>): PolicyRule => ({
  name,
  when,
  ...effect,
})
const words = [{ language: 'en' as const, text: 'No.' }]

describe('facts', () => {
  test('of a roaming grant on a Tuesday at two in the afternoon, local time', () => {
    expect(facts()).toEqual({
      holdMinor: 1_500,
      grantKind: 'roaming',
      tier: 'platform',
      fleet: 0,
      vehicleClass: 0,
      stepUp: false,
      clock: 'synchronised',
      minuteOfDay: 840,
      weekday: 2,
      connector: 1,
      connectorPowerW: 0,
      openSessions: 0,
      hoursOffline: 0,
    })
  })

  test('of a card have no key and no fleet', () => {
    const card = ruleFactsOf({
      policy: {},
      grant: undefined,
      holdMinor: 500,
      stepUp: false,
      connectorId: 2,
      nowS: storyTimeS,
      clockQuality: 'relative',
    })
    expect(card).toMatchObject({ grantKind: 'card', tier: 'none', fleet: 0, vehicleClass: 0 })
  })
})

describe('rules', () => {
  test('without any, nothing is limited', () => {
    expect(judgeByRules(undefined, facts(), celEngine, 'charger')).toEqual(noRules)
  })

  test('of several that apply the strictest holds, in whatever order', () => {
    const rules = [
      rule('a', 'true', { holdMaxMinor: minorUnits(2_000), powerMaxW: 5_000 }),
      rule('b', 'openSessions == 0', { holdMaxMinor: minorUnits(900), durationMaxS: seconds(60) }),
      rule('c', 'openSessions > 0', { holdMaxMinor: minorUnits(1) }),
    ]
    const expected = { holdMaxMinor: 900, holdSetBy: 'b', powerMaxW: 5_000, durationMaxS: 60, failures: [] }
    expect(judge(rules)).toMatchObject(expected)
    expect(judge(rules.toReversed())).toMatchObject(expected)
  })

  test('the rule that declines is told by its name, the first by the alphabet', () => {
    const rules = [rule('b', 'true', { decline: words }), rule('a', 'true', { decline: words })]
    expect(judge(rules).declinedBy?.name).toBe('a')
    expect(judge([rule('c', 'false', { decline: words })]).declinedBy).toBeUndefined()
  })

  test('one that fails applies, and is told of', () => {
    const broken = rule('halves', '100 / openSessions > 50', { holdMaxMinor: minorUnits(100) })
    expect(judge([broken])).toMatchObject({ holdMaxMinor: 100, failures: [{ rule: 'halves' }] })
    expect(judge([broken], { openSessions: 4 })).toMatchObject({ holdMaxMinor: undefined, failures: [] })
  })

  test('one that cannot even be read applies, and is told of', () => {
    expect(judge([rule('x', 'no rule', { decline: words })])).toMatchObject({
      declinedBy: { name: 'x' },
      failures: [{ rule: 'x' }],
    })
  })

  test('one that asks for the hour applies while the clock is unknown, and that is no failure', () => {
    const night = rule('night', 'minuteOfDay >= 1320', { holdMaxMinor: minorUnits(100) })
    expect(judge([night]).holdMaxMinor).toBeUndefined()
    expect(judge([night], { clock: 'unknown' })).toMatchObject({ holdMaxMinor: 100, failures: [] })
  })

  test('a phone leaves to the charger what only the charger knows', () => {
    const busy = rule('busy', 'openSessions == 0', { decline: words })
    expect(judge([busy], {}, 'phone').declinedBy).toBeUndefined()
    expect(judge([busy], {}, 'charger').declinedBy?.name).toBe('busy')
  })

  test('a decline speaks the reader’s language, or the first that it has', () => {
    const [, depot] = timedPolicy.rules ?? []
    if (depot === undefined) throw new Error('The fixture has two rules')
    expect(declineFacts(depot)).toEqual({
      rule: 'depot-first',
      'words-en': 'The last bay is kept for our buses.',
      'words-de': 'Der letzte Platz ist für unsere Busse.',
    })
    expect(declineFacts({ ...depot, decline: words })).toMatchObject({ 'words-en': 'No.', 'words-de': 'No.' })
  })
})

test('a class without an entry has no limit and the weight of one', () => {
  expect(classTerms(timedPolicy, 7)).toEqual({
    powerMaxW: undefined,
    durationMaxS: undefined,
    energyMaxWh: undefined,
    weight: 1,
  })
  expect(classTerms(timedPolicy, 3)).toEqual({
    powerMaxW: undefined,
    durationMaxS: 14_400,
    energyMaxWh: 150_000,
    weight: 4,
  })
})
