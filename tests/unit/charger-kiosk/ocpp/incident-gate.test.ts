import { expect, test } from 'vitest'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { IncidentGate } from '@/charger-kiosk/ocpp/incident-gate'

test('In one minute a bounded number passes, and the next one says how many did not', () => {
  let nowMs = 0
  const gate = new IncidentGate({ nowS: () => epochSeconds(0), monotonicMs: () => durationMs(nowMs) }, 2)
  expect([gate.pass('a'), gate.pass('b'), gate.pass('c'), gate.pass('d')]).toEqual([
    'a',
    'b',
    undefined,
    undefined,
  ])
  nowMs = 60_000
  expect(gate.pass('e')).toBe('e (2 more were not reported)')
  expect(gate.pass('f')).toBe('f')
})

test('A long detail is cut', () => {
  const gate = new IncidentGate({ nowS: () => epochSeconds(0), monotonicMs: () => durationMs(0) }, 1)
  expect(gate.pass('x'.repeat(5_000))).toHaveLength(300)
})
