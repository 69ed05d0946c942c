/** A replay's figures tell what happened, and its faults tell everything that must never happen. */

import { expect, test } from 'vitest'
import { chargerId, sessionId } from '@/lib/core/ids'
import { figuresOf, findFaults, type ReplayedSession, type ReplayFacts } from '@/simulator/replay/outcome'

const settled: ReplayedSession = {
  chargerId: chargerId('KIN-1'),
  driver: 'Driver 1',
  pays: 'credit',
  startS: 1_531_522_800,
  traceEnergyWh: 10_000,
  delivery: {
    kind: 'ended',
    sessionId: sessionId('1'.repeat(32)),
    energyWh: 10_000,
    holdMinor: 500,
    totalMinor: 490,
    stopReason: 'unplugged',
  },
  booked: { state: 'settled', totalMinor: 490 },
}

const facts = (sessions: readonly ReplayedSession[], changes: Partial<ReplayFacts> = {}): ReplayFacts => ({
  sessions,
  owners: [{ owner: 'wallet:1', drivers: ['Driver 1'], paidInMinor: 10_000, leftMinor: 9_510 }],
  ledgerImbalanceMinor: 0,
  openCases: 0,
  duplicatesIgnored: 2,
  firstByPhone: 1,
  firstByCharger: 0,
  elapsedMs: 1,
  ...changes,
})

const cut: ReplayedSession = {
  ...settled,
  delivery: {
    ...settled.delivery,
    stopReason: 'hold-reached',
    energyWh: 8_000,
  } as ReplayedSession['delivery'],
}
const refused: ReplayedSession = {
  ...settled,
  delivery: { kind: 'refused', code: 'hold.first-seen' },
  booked: undefined,
}
const lost: ReplayedSession = {
  ...settled,
  delivery: { kind: 'lost', sessionId: sessionId('1'.repeat(32)) },
  booked: undefined,
}

test('A sound replay has no faults', () => {
  expect(findFaults(facts([settled]))).toEqual([])
})

test('Sessions that a cap stopped or kept out are counted as cut', () => {
  expect(figuresOf(facts([settled, cut, refused]))).toMatchObject({
    sessions: 3,
    cutByCap: 2,
    refused: 1,
    settled: 2,
    traceEnergyWh: 30_000,
    energyWh: 18_000,
  })
})

test('A charger that was out of order is a refusal, and no cap', () => {
  const broken = { ...refused, delivery: { kind: 'refused', code: 'charger.offline' } } as const
  expect(figuresOf(facts([broken]))).toMatchObject({ refused: 1, cutByCap: 0 })
})

test.each([
  ['a ledger out of balance', facts([settled], { ledgerImbalanceMinor: 1 }), 'The ledger is out of balance'],
  ['a session without a receipt', facts([lost], { owners: [] }), 'is lost'],
  [
    'a receipt that the books do not know',
    facts([{ ...settled, booked: undefined }], { owners: [] }),
    'is lost',
  ],
  [
    'a settlement at another amount than the receipt',
    facts([{ ...settled, booked: { state: 'settled', totalMinor: 491 } }]),
    'was settled at 491, its receipt says 490',
  ],
  [
    'credit that went nowhere',
    facts([settled], {
      owners: [{ owner: 'wallet:1', drivers: [], paidInMinor: 10_000, leftMinor: 9_000 }],
    }),
    'Owners are short of 1000',
  ],
])('%s is a fault', (_what, broken, sentence) => {
  expect(findFaults(broken).join('\n')).toContain(sentence)
})
