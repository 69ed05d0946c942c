import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import {
  goodwillMost,
  mostOf,
  remedyMoney,
  verdictMoney,
  type CaseBooks,
  type SessionMoney,
} from '@/lib/cloud/cases/case-money'
import { cardDebtorOf, receivableAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'

const serial = grantSerial('0000000000000001')
const signature = { caseId: 'c'.repeat(32), reason: 'charger-right', author: 'staff:anna' }
const session: SessionMoney = {
  sessionId: '5'.repeat(32),
  serial,
  postedMinor: 980,
  postedTaxMinor: 156,
  disputedMinor: 980,
  disputeReference: '5/980..1960',
  upheldMinor: 0,
  upheldTaxMinor: 0,
  refundedMinor: 0,
  refundedTaxMinor: 0,
  decided: undefined,
}
const books: CaseBooks = {
  currency: EUR,
  owner: walletAccount('anna'),
  receivable: receivableAccount(walletAccount('anna')),
  ownerAvailableMinor: 300,
  owedMinor: 0,
  reserve: { balanceMinor: 3_020, pendingMinor: 980, isReleased: false },
}

const lines = (transfers: readonly Transfer[]): readonly string[] =>
  transfers.map(({ kind, effect, debit, credit, amountMinor }) => {
    const short = (account: string): string => account.replace(/:.*/, '')
    return `${kind} ${effect} ${short(debit)}→${short(credit)} ${amountMinor}`
  })

test('an upheld claim moves to revenue and tax as if it had been on the receipt', () => {
  const { transfers, session: after } = verdictMoney('uphold', session, books, 1_900, signature)
  expect(lines(transfers)).toEqual([
    'uphold post-pending reserve→revenue 823',
    'uphold-tax post reserve→tax 157',
  ])
  expect(after).toMatchObject({
    upheldMinor: 980,
    upheldTaxMinor: 157,
    disputedMinor: 0,
    disputeReference: undefined,
    decided: { fromMinor: 980, toMinor: 1_960 },
  })
})

test('what an upheld claim lacks in the reserve is paid by the balance, then owed', () => {
  const poor = { ...books, reserve: { ...books.reserve, balanceMinor: 200 } }
  const { transfers, coveredMinor } = verdictMoney('uphold', session, poor, undefined, signature)
  expect(lines(transfers)).toEqual([
    'uphold post-pending reserve→revenue 980',
    'cover-balance post wallet→reserve 300',
    'cover-receivable post receivable→reserve 480',
  ])
  expect(coveredMinor).toBe(780)
})

test('a dismissed claim ends without a movement, and leaves a reserve that was released', () => {
  expect(lines(verdictMoney('dismiss', session, books, 1_900, signature).transfers)).toEqual([
    'dismiss void-pending reserve→revenue 980',
  ])
  const released = {
    ...books,
    owedMinor: 200,
    reserve: { balanceMinor: 1_480, pendingMinor: 1_480, isReleased: true },
  }
  expect(lines(verdictMoney('dismiss', session, released, 1_900, signature).transfers)).toEqual([
    'dismiss void-pending reserve→revenue 980',
    'release post reserve→wallet 980',
    'recover post wallet→receivable 200',
  ])
})

test('a verdict where nothing is pending moves nothing', () => {
  const settled = { ...session, disputedMinor: 0, disputeReference: undefined }
  expect(verdictMoney('uphold', settled, books, 1_900, signature).transfers).toEqual([])
  expect(verdictMoney('dismiss', undefined, undefined, undefined, signature).transfers).toEqual([])
})

test('a refund takes its share from tax, and pays first what the owner owes', () => {
  const owing = { ...books, owedMinor: 100 }
  const { transfers, session: after } = expectOk(
    remedyMoney('refund', 500, session, owing, signature),
    'refund',
  )
  expect(lines(transfers)).toEqual([
    'refund post revenue→wallet 420',
    'refund-tax post tax→wallet 80',
    'recover post wallet→receivable 100',
  ])
  expect(after).toMatchObject({ refundedMinor: 500, refundedTaxMinor: 80 })
})

test.each([
  ['refund', 980],
  ['goodwill', goodwillMost * 100],
  ['write-off', 70],
] as const)('no %s above %i, none of nothing and none of a fraction', (remedy, most) => {
  const owing = { ...books, owedMinor: 70 }
  expect(mostOf(remedy, session, owing)).toBe(most)
  expect(remedyMoney(remedy, most, session, owing, signature).ok).toBe(true)
  for (const amount of [most + 1, 0, -1, 0.5]) {
    expect(remedyMoney(remedy, amount, session, owing, signature)).toEqual({
      ok: false,
      error: { code: 'case.amount', facts: { mostMinor: most } },
    })
  }
})

test('a case about nobody’s money gives none', () => {
  expect(remedyMoney('goodwill', 1, undefined, undefined, signature)).toMatchObject({
    error: { code: 'case.amount', facts: { mostMinor: 0 } },
  })
})

test('refunds in any parts return exactly what was charged and exactly its tax', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 20 })
  const charged = fc.record({
    postedMinor: fc.integer({ min: 1, max: 9_000 }),
    upheldMinor: fc.integer({ min: 0, max: 9_000 }),
    share: fc.integer({ min: 0, max: 10_000 }),
  })
  fc.assert(
    fc.property(parts, charged, (amounts, { postedMinor, upheldMinor, share }) => {
      const chargedMinor = postedMinor + upheldMinor
      const postedTaxMinor = Math.floor((postedMinor * share) / 10_000)
      const upheldTaxMinor = Math.floor((upheldMinor * share) / 10_000)
      let now: SessionMoney = { ...session, postedMinor, postedTaxMinor, upheldMinor, upheldTaxMinor }
      for (const wanted of [...amounts, chargedMinor]) {
        const amount = Math.min(wanted, mostOf('refund', now, books))
        if (amount === 0) break
        const given = expectOk(remedyMoney('refund', amount, now, books, signature), 'refund')
        const sum = given.transfers.reduce((total, { amountMinor }) => total + amountMinor, 0)
        expect(sum).toBe(amount)
        now = given.session ?? now
      }
      expect(now.refundedMinor).toBe(chargedMinor)
      expect(now.refundedTaxMinor).toBe(postedTaxMinor + upheldTaxMinor)
      expect(remedyMoney('refund', 1, now, books, signature).ok).toBe(false)
    }),
  )
})

test('every transfer of a step goes by the case, the step and the person', () => {
  const { transfers } = expectOk(
    remedyMoney('goodwill', 5, session, { ...books, owedMinor: 5 }, signature),
    'goodwill',
  )
  expect(transfers.map(({ reference }) => reference)).toEqual([
    `${signature.caseId}/goodwill`,
    `${signature.caseId}/goodwill`,
  ])
  expect(transfers[0]).toMatchObject({ reason: 'charger-right', author: 'staff:anna', currency: EUR })
})

test('what a dismissed claim sets free of a released card pays the card’s own debt first, then its owner', () => {
  const card: CaseBooks = {
    ...books,
    receivable: receivableAccount(cardDebtorOf(serial)),
    owedMinor: 300,
    reserve: { balanceMinor: 980, pendingMinor: 980, isReleased: true },
  }
  expect(lines(verdictMoney('dismiss', session, card, 1_900, signature).transfers)).toEqual([
    'dismiss void-pending reserve→revenue 980',
    'uncover-receivable post reserve→receivable 300',
    'release post reserve→wallet 680',
  ])
})
