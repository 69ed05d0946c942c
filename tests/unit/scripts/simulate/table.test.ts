/** The table of a replay says for each session what people want to know. */

import { expect, test } from 'vitest'
import { chargerId, sessionId } from '@/lib/core/ids'
import type { ReplayedSession } from '@/simulator/replay/outcome'
import { sessionTable } from '@/scripts/simulate/table'

const session = (changes: Partial<ReplayedSession>): ReplayedSession => ({
  chargerId: chargerId('50286-2'),
  driver: 'Driver 1',
  pays: 'credit',
  startS: 1_531_522_800,
  traceEnergyWh: 15_030,
  delivery: {
    kind: 'ended',
    sessionId: sessionId('1'.repeat(32)),
    energyWh: 15_030,
    holdMinor: 1_000,
    totalMinor: 736,
    stopReason: 'unplugged',
  },
  booked: { state: 'settled', totalMinor: 736 },
  ...changes,
})

const lineFor = (changes: Partial<ReplayedSession>): string =>
  sessionTable([session(changes)], 'EUR')[2] ?? ''

test('A settled session shows charger, time, energy and money', () => {
  expect(
    lineFor({})
      .replaceAll(/[\u00a0\u202f]/g, ' ')
      .replaceAll(/ {2,}/g, ' | '),
  ).toBe('50286-2 | 2018-07-13 23:00 | Driver 1 | credit | 15.0 kWh | 15.0 kWh | €10.00 | €7.36 | settled')
})

test('What a cap cut, what was refused and what is lost is said at the end of its line', () => {
  const { delivery } = session({})
  if (delivery.kind !== 'ended') throw new Error('the story ends')
  expect(lineFor({ delivery: { ...delivery, stopReason: 'hold-reached' } })).toMatch(/cut: hold-reached$/)
  expect(lineFor({ delivery: { kind: 'refused', code: 'wallet.cap' }, booked: undefined })).toMatch(
    /refused: wallet\.cap$/,
  )
  expect(lineFor({ booked: undefined })).toMatch(/LOST$/)
})
