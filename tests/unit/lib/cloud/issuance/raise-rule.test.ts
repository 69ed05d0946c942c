/** How much a charger may be told to hold for a grant: table tests of the rule that server and worlds share. */

import { describe, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { chargerId } from '@/lib/core/ids'
import { decideRaise, type LiveRaise, type RaiseQuestion } from '@/lib/cloud/issuance/raise-rule'

const nowS = 1_000_000
const here = chargerId('KIN-01')

const raise = (at: string, maximumMinor: number, leftS = 3_000): LiveRaise => ({
  chargerId: chargerId(at),
  maximumMinor,
  notAfterS: nowS + leftS,
  bytes: toBytes([1]),
})

const asked = (question: Partial<RaiseQuestion> = {}) =>
  decideRaise({
    chargerId: here,
    maximumMinor: 5_000,
    capMinor: 10_000,
    reserve: { balanceMinor: 8_000, pendingMinor: 0 },
    raises: [],
    heldHereMinor: 0,
    nowS,
    ...question,
  })

describe('A raised cap', () => {
  test.each([
    ['is what was asked where the grant has it', {}, 5_000],
    ['is what the reserve still has', { reserve: { balanceMinor: 3_000, pendingMinor: 0 } }, 3_000],
    ['leaves out what is held elsewhere', { reserve: { balanceMinor: 8_000, pendingMinor: 6_000 } }, 2_000],
    [
      'counts what is held here as part of it',
      { reserve: { balanceMinor: 8_000, pendingMinor: 6_000 }, heldHereMinor: 1_000 },
      3_000,
    ],
    ['leaves out what other chargers were promised', { raises: [raise('KIN-02', 6_000)] }, 2_000],
    ['never exceeds the grant', { maximumMinor: 20_000, capMinor: 4_000 }, 4_000],
    ['is given anew where the last one ends soon', { raises: [raise('KIN-01', 9_000, 600)] }, 5_000],
  ])('%s', (_, question, maximumMinor) => {
    expect(asked(question)).toEqual({ ok: true, value: { kind: 'raise', maximumMinor } })
  })

  test('is the same again while it is enough and has time left', () => {
    expect(asked({ raises: [raise('KIN-01', 5_000)] })).toMatchObject({ value: { kind: 'again' } })
  })

  test.each([
    [
      'where the reserve has nothing',
      { reserve: { balanceMinor: 0, pendingMinor: 0 } },
      'account.insufficient-funds',
    ],
    [
      'where other chargers were promised all of it',
      { raises: [raise('KIN-02', 8_000)] },
      'account.insufficient-funds',
    ],
    [
      'to a grant that asks again and again',
      { raises: Array.from({ length: 8 }, (_, index) => raise(`KIN-1${index}`, 1)) },
      'api.rate-limited',
    ],
  ])('is refused %s', (_, question, code) => {
    expect(asked(question)).toMatchObject({ ok: false, error: { code } })
  })
})
