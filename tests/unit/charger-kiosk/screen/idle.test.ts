import { expect, test } from 'vitest'
import { idleVerdict } from '@/charger-kiosk/screen/idle'

test.each([
  ['personal', 44_999, { kind: 'none' }],
  ['personal', 45_000, { kind: 'ask', secondsLeft: 20 }],
  ['personal', 64_001, { kind: 'ask', secondsLeft: 1 }],
  ['personal', 65_000, { kind: 'leave' }],
  ['open', 45_000, { kind: 'none' }],
  ['open', 65_000, { kind: 'leave' }],
  ['running', 65_000, { kind: 'none' }],
  ['running', 86_400_000, { kind: 'none' }],
] as const)('a %s screen untouched for %d ms', (attendance, untouchedMs, verdict) => {
  expect(idleVerdict(attendance, untouchedMs)).toEqual(verdict)
})
