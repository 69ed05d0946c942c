import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { celEngine } from '@/lib/policy/cel'
import { factNames, type RuleFacts } from '@/lib/policy/rule-facts'

const facts: RuleFacts = {
  holdMinor: 2_500,
  grantKind: 'roaming',
  tier: 'platform',
  fleet: 0,
  vehicleClass: 0,
  stepUp: false,
  clock: 'synchronised',
  minuteOfDay: 1_350,
  weekday: 7,
  connector: 2,
  connectorPowerW: 22_000,
  openSessions: 3,
  hoursOffline: 50,
}

const verdictOf = (expression: string): boolean | string => {
  const compiled = celEngine.compile(expression)
  if (!compiled.ok) return `refused: ${compiled.error}`
  const applied = compiled.value.applies(facts)
  return applied.ok ? applied.value : `failed: ${applied.error}`
}

test.each([
  ['true', true],
  ['holdMinor > 2000', true],
  ['holdMinor * 2 == 5000 && !stepUp', true],
  ["grantKind in ['roaming', 'card']", true],
  ["grantKind == 'fleet' || fleet != 0", false],
  ['minuteOfDay >= 1320 || minuteOfDay < 360', true],
  ['weekday in [6, 7] ? openSessions > 2 : false', true],
  ['hoursOffline - 48 > 0', true],
  ['connectorPowerW / 1000 == 22', true],
  ["tier == 'sealed'", false],
] as const)('%s is %s', (expression, expected) => {
  expect(verdictOf(expression)).toBe(expected)
})

describe('what is no rule is refused when it is compiled', () => {
  test.each([
    ['holdMinor', /instead of true or false/],
    ['holdMinor >', /./],
    ["holdMinor > '5'", /./],
    ['unheardOf == 1', /no fact unheardOf/],
    ['[1, 2].exists(x, x > 1)', /not allowed|no fact/],
    ["grantKind.matches('(a+)+$')", /not allowed/],
    ["grantKind.startsWith('r')", /not allowed/],
    ['size(grantKind) > 3', /not allowed/],
    ['{1: true}[1]', /not allowed/],
    ['grantKind.constructor == 1', /not allowed/],
    ['[true][0]', /not allowed/],
    ['1.5 > 1.0', /whole numbers/],
    ['null == null', /whole numbers/],
    [`${'!'.repeat(200)}true`, /./],
    [Array.from({ length: 100 }, () => '1').join('+') + ' > 0', /./],
    ['(function(){ return true })()', /./],
    ['__proto__ == 1', /./],
  ] as const)('%s', (expression, why) => {
    const compiled = celEngine.compile(expression)
    expect(compiled.ok ? 'compiled' : compiled.error).toMatch(why)
  })
})

test.each([
  '1 / (fleet * 1) == 1',
  'holdMinor % (openSessions - 3) == 0',
  '9223372036854775807 + holdMinor > 0',
])('%s compiles and fails with a sentence', (expression) => {
  expect(verdictOf(expression)).toMatch(/^failed: ./)
})

test('whatever is written, compiling and applying end without a throw', () => {
  const atoms = fc.constantFrom(
    ...factNames,
    '1',
    '0',
    "'x'",
    'true',
    '&&',
    '||',
    '(',
    ')',
    '==',
    '<',
    '/',
    '!',
    '?',
    ':',
    ',',
    '[',
    ']',
    'in',
    '.',
    '-',
  )
  fc.assert(
    fc.property(fc.array(atoms, { maxLength: 24 }), (parts) => {
      const compiled = celEngine.compile(parts.join(' '))
      if (!compiled.ok) return compiled.error.length > 0
      const applied = compiled.value.applies(facts)
      return applied.ok ? typeof applied.value === 'boolean' : applied.error.length > 0
    }),
    { numRuns: 300 },
  )
})

test('tells which facts a rule asks for, those behind a choice too', () => {
  const compiled = celEngine.compile('stepUp ? weekday == 1 : openSessions > 2')
  expect(compiled.ok && [...compiled.value.asks].sort()).toEqual(['openSessions', 'stepUp', 'weekday'])
})
