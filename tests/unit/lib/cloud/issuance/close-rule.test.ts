import { describe, expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial, messageHash, sessionId, type MessageHash } from '@/lib/core/ids'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import type { ChainLink } from '@/lib/cloud/ingest/chain-check'
import { decideClose, releaseRest, type ReserveRest } from '@/lib/cloud/issuance/close-rule'
import { reserveAccount, walletAccount } from '@/lib/cloud/ledger/accounts'

const serial = grantSerial('a1b2c3d4e5f60718')
const grantHash = messageHash('99'.repeat(16))
const hashAt = (seq: number): MessageHash =>
  seq === 0 ? grantHash : messageHash(seq.toString(16).padStart(32, '0'))

/** Authorizations 1 … count of 1.00 each. */
const chain = (count: number): ChainLink[] =>
  Array.from({ length: count }, (_, index) => ({
    serial,
    sessionId: sessionId(hashAt(index + 1)),
    seq: index + 1,
    previous: hashAt(index),
    grossMinor: (index + 1) * 100,
    holdMinor: 100,
  }))

const rest = (change: Partial<ReserveRest> = {}): ReserveRest => ({
  serial,
  owner: walletAccount('ailsa'),
  currency: EUR,
  balanceMinor: minorUnits(4_000),
  pendingMinor: minorUnits(0),
  owedMinor: 0,
  spentMinor: 0,
  ...change,
})

const close = (lastSeq: number, head = hashAt(lastSeq)) => ({
  serial,
  lastSeq,
  head,
  timeS: epochSeconds(1_788_264_000),
})

const decide = (lastSeq: number, links: readonly ChainLink[], head?: MessageHash) =>
  decideClose({ close: close(lastSeq, head), grantHash, links, rest: rest() })

describe('which closes count', () => {
  test.each([0, 1, 8])('a chain of %i that is wholly known is closed', (count) => {
    expect(decide(count, chain(count))).toMatchObject({ ok: true, value: { releasedMinor: 4_000 } })
  })

  test('the order in which links are known does not matter', () => {
    expect(decide(3, chain(3).reverse()).ok).toBe(true)
  })

  test.each([1, 2, 3])('nothing is released while authorization %i of 3 is missing', (missing) => {
    const links = chain(3).filter(({ seq }) => seq !== missing)
    expect(decide(3, links)).toEqual({
      ok: false,
      error: { code: 'close.incomplete', facts: { seq: missing } },
    })
  })

  test('a close that hides the last authorization is contradicted by it', () => {
    expect(decide(2, chain(3))).toMatchObject({ error: { code: 'close.contradicted', facts: { seq: 3 } } })
  })

  test('so is one that says that nothing was ever signed', () => {
    expect(decide(0, chain(1))).toMatchObject({ error: { code: 'close.contradicted' } })
  })

  test.each([
    ['another last authorization', 2, hashAt(7)],
    ['another grant', 0, hashAt(7)],
  ])('a head that names %s is contradicted', (_, lastSeq, head) => {
    expect(decide(lastSeq, chain(lastSeq), head)).toMatchObject({ error: { code: 'close.contradicted' } })
  })

  test('two authorizations at one place are a fork, and its grant gives nothing back', () => {
    const twin = { ...chain(2)[1]!, sessionId: sessionId(messageHash('ab'.repeat(16))) }
    expect(decide(2, [...chain(2), twin])).toMatchObject({ error: { code: 'close.contradicted' } })
  })

  test('sums that do not follow are contradicted too', () => {
    const links = chain(2).map((link) => (link.seq === 2 ? { ...link, grossMinor: 100 } : link))
    expect(decide(2, links)).toMatchObject({ error: { code: 'close.contradicted', facts: { seq: 2 } } })
  })
})

describe('what a close sets free', () => {
  test('everything but open holds and amounts in dispute goes back to the owner', () => {
    const { releasedMinor, spendableMinor, transfers } = releaseRest(
      rest({ pendingMinor: minorUnits(1_500) }),
    )
    expect({ releasedMinor, spendableMinor }).toEqual({ releasedMinor: 2_500, spendableMinor: 2_500 })
    expect(transfers).toMatchObject([
      { kind: 'release', debit: reserveAccount(serial), credit: 'wallet:ailsa', amountMinor: 2_500 },
    ])
  })

  test('what the owner owes is paid first', () => {
    const { spendableMinor, transfers } = releaseRest(rest({ owedMinor: 600 }))
    expect(spendableMinor).toBe(3_400)
    expect(transfers.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['release', 4_000],
      ['recover', 600],
    ])
  })

  test('owing more than comes back leaves nothing to spend', () => {
    expect(releaseRest(rest({ owedMinor: 9_000 }))).toMatchObject({ releasedMinor: 4_000, spendableMinor: 0 })
  })

  test.each([
    ['used up', { balanceMinor: minorUnits(0) }],
    ['wholly held', { pendingMinor: minorUnits(4_000) }],
    ['held beyond what it has', { pendingMinor: minorUnits(4_500) }],
  ])('a reserve that is %s moves nothing', (_, change) => {
    expect(releaseRest(rest(change))).toEqual({ releasedMinor: 0, spendableMinor: 0, transfers: [] })
  })

  test('giving back a second time, after a hold ended, is another transfer', () => {
    const first = releaseRest(rest({ pendingMinor: minorUnits(1_500) })).transfers[0]
    const second = releaseRest(rest({ balanceMinor: minorUnits(900), spentMinor: 3_100 })).transfers[0]
    expect(first?.reference).not.toBe(second?.reference)
  })
})
