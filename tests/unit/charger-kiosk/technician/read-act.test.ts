import { expect, test } from 'vitest'
import { readAct } from '@/charger-kiosk/technician/read-act'

test.each([
  { kind: 'ask' },
  { kind: 'read-meter', connectorId: 2 },
  { kind: 'older', before: 40 },
  { kind: 'prove', seq: 0 },
  { kind: 'seals', seals: [{ place: 'meter', number: 'OP-1', isIntact: false }] },
])('takes %j as it is', (act) => {
  expect(readAct({ ...act, further: 'dropped' })).toEqual(act)
})

const seal = { place: 'meter', number: 'OP-1', isIntact: true }
test.each([
  undefined,
  'ask',
  { kind: 'toString' },
  { kind: 'open-the-door' },
  { kind: 'unlock' },
  { kind: 'unlock', connectorId: 256 },
  { kind: 'unlock', connectorId: '1' },
  { kind: 'prove', seq: -1 },
  { kind: 'older', before: 0.5 },
  { kind: 'seals', seals: [] },
  { kind: 'seals', seals: [seal, seal] },
  { kind: 'seals', seals: [{ ...seal, number: 'x'.repeat(33) }] },
  { kind: 'seals', seals: [{ ...seal, place: 'a\nb' }] },
  { kind: 'seals', seals: Array.from({ length: 9 }, (_, index) => ({ ...seal, place: `p${index}` })) },
])('takes %j for no act', (value) => {
  expect(readAct(value)).toBeUndefined()
})
