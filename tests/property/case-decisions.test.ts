/**
 * Evidence and people in any order: receipts that get lower, claims that get higher, verdicts and refunds between them.
 * After every step a naive ledger must hold exactly what the session's figures say.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial, sessionId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import {
  mostOf,
  remedyMoney,
  verdictMoney,
  type CaseBooks,
  type SessionMoney,
} from '@/lib/cloud/cases/case-money'
import { noDecisions, settle, type Books, type PostedSession } from '@/lib/cloud/ingest/settle'
import {
  cardClearingAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
} from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import { NaiveLedger } from '@/tests/fixtures/naive-ledger'

const serial = grantSerial('0000000000000001')
const reserve = reserveAccount(serial)
const owner = walletAccount('anna')
const taxRate = 1_900
const taxOf = (amount: number): number => Math.round((amount * taxRate) / (10_000 + taxRate))

class Story {
  readonly ledger = new NaiveLedger()
  private upheldMinor = 0
  private upheldTaxMinor = 0
  private coveredMinor = 0
  private steps = 0
  private session: PostedSession = {
    sessionId: sessionId('5'.repeat(32)),
    serial,
    owner,
    currency: EUR,
    holdMinor: minorUnits(3_000),
    hold: 'none',
    postedMinor: null,
    postedTaxMinor: minorUnits(0),
    disputedMinor: minorUnits(0),
    disputeReference: null,
    decisions: noDecisions,
  }
  private claimedMinor = 0

  constructor(creditMinor: number, reservedMinor: number) {
    const base = {
      currency: EUR,
      reason: 'test',
      author: 'test',
      effect: 'post',
      reference: 'start',
    } as const
    this.post([
      {
        ...base,
        kind: 'top-up',
        debit: cardClearingAccount,
        credit: owner,
        amountMinor: minorUnits(creditMinor),
      },
      { ...base, kind: 'reserve', debit: owner, credit: reserve, amountMinor: minorUnits(reservedMinor) },
    ])
  }

  /** Another receipt: what is owed never rises, what is claimed never falls. */
  evidence(amountMinor: number): void {
    const owedMinor = Math.min(this.session.postedMinor ?? amountMinor, amountMinor)
    this.claimedMinor = Math.max(this.claimedMinor, amountMinor)
    const books: Books = {
      reserves: new Map([
        [
          serial,
          {
            owner,
            balanceMinor: this.ledger.posted(reserve),
            coveredMinor: this.coveredMinor,
            isReleased: false,
          },
        ],
      ]),
      owners: new Map([[owner, { availableMinor: this.available(), owedMinor: this.owed() }]]),
    }
    const final = {
      owedMinor: minorUnits(owedMinor),
      taxMinor: minorUnits(taxOf(owedMinor)),
      claimedMinor: minorUnits(this.claimedMinor),
      energyWh: 1,
      receiptCounter: 1,
    }
    const { session, transfers } = settle(this.session, final, books, 'test')
    this.post(transfers)
    this.session = session
    this.coveredMinor = books.reserves.get(serial)?.coveredMinor ?? 0
  }

  verdict(verdict: 'uphold' | 'dismiss'): void {
    const money = verdictMoney(verdict, this.money(), this.books(), taxRate, this.signature())
    this.take(money.session, money.transfers, money.coveredMinor)
  }

  refund(amountMinor: number): void {
    const amount = Math.min(amountMinor, mostOf('refund', this.money(), this.books()))
    const given = remedyMoney('refund', amount, this.money(), this.books(), this.signature())
    expect(given.ok).toBe(amount > 0)
    if (given.ok) this.take(given.value.session, given.value.transfers, 0)
  }

  check(): void {
    const {
      postedMinor,
      postedTaxMinor,
      disputedMinor,
      hold,
      holdMinor,
      decisions = noDecisions,
    } = this.session
    const chargedMinor = (postedMinor ?? 0) + this.upheldMinor - decisions.refundedMinor
    const chargedTax = postedTaxMinor + this.upheldTaxMinor - decisions.refundedTaxMinor
    const [revenue, tax] = [this.ledger.posted(revenueAccount), this.ledger.posted(taxAccount)]
    expect({ income: revenue + tax, tax }).toEqual({ income: chargedMinor, tax: chargedTax })
    expect(
      Math.min(chargedMinor, decisions.refundedMinor, decisions.refundedTaxMinor, revenue, tax),
    ).toBeGreaterThanOrEqual(0)
    expect(this.ledger.pending(reserve)).toBe(disputedMinor + (hold === 'open' ? holdMinor : 0))
  }

  private money(): SessionMoney {
    const {
      postedMinor,
      postedTaxMinor,
      disputedMinor,
      disputeReference,
      decisions = noDecisions,
    } = this.session
    return {
      sessionId: this.session.sessionId,
      serial,
      postedMinor: postedMinor ?? 0,
      postedTaxMinor,
      disputedMinor,
      disputeReference: disputeReference ?? undefined,
      upheldMinor: this.upheldMinor,
      upheldTaxMinor: this.upheldTaxMinor,
      ...decisions,
    }
  }

  private books(): CaseBooks {
    return {
      currency: EUR,
      owner,
      receivable: receivableAccount(owner),
      ownerAvailableMinor: this.available(),
      owedMinor: this.owed(),
      reserve: {
        balanceMinor: this.ledger.posted(reserve),
        pendingMinor: this.ledger.pending(reserve),
        isReleased: false,
      },
    }
  }

  private take(money: SessionMoney | undefined, transfers: readonly Transfer[], coveredMinor: number): void {
    if (money === undefined) return
    this.post(transfers)
    this.coveredMinor += coveredMinor
    this.upheldMinor = money.upheldMinor
    this.upheldTaxMinor = money.upheldTaxMinor
    const { disputedMinor, disputeReference, decided, refundedMinor, refundedTaxMinor } = money
    this.session = {
      ...this.session,
      disputedMinor: minorUnits(disputedMinor),
      disputeReference: disputeReference ?? null,
      decisions: { decided, refundedMinor, refundedTaxMinor },
    }
  }

  private signature() {
    this.steps += 1
    return { caseId: `case-${this.steps}`, reason: 'other', author: 'staff:anna' }
  }
  private available(): number {
    return this.ledger.posted(owner) - this.ledger.pending(owner)
  }
  private owed(): number {
    return -this.ledger.posted(receivableAccount(owner))
  }
  /** Decisions and settlements are made to be posted: the ledger never refuses one. */
  private post(batch: readonly Transfer[]): void {
    expect(this.ledger.post(batch)).toEqual(batch.map(() => 'posted'))
  }
}

const amount = fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(0, 1, 2, 980, 1_960, 3_000))
const step = fc.oneof(
  amount.map((amountMinor) => (story: Story) => story.evidence(amountMinor)),
  fc
    .constantFrom('uphold' as const, 'dismiss' as const)
    .map((verdict) => (story: Story) => story.verdict(verdict)),
  amount.map((amountMinor) => (story: Story) => story.refund(amountMinor)),
)

test('whatever comes in whatever order, the books hold what evidence and people have made of the session', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 14 }),
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 0, max: 500 }),
      (steps, reservedMinor, spareMinor) => {
        const story = new Story(reservedMinor + spareMinor, reservedMinor)
        for (const act of steps) {
          act(story)
          story.check()
        }
      },
    ),
    { numRuns: 400 },
  )
})

test.each([
  [[980, 1_960], 'uphold', 490, 490 + 980],
  [[1_960, 980], 'dismiss', 490, 490],
] as const)('receipts %j, then "%s", then one of %i: %i are charged', (receipts, verdict, last, expected) => {
  const story = new Story(4_000, 4_000)
  for (const receipt of receipts) story.evidence(receipt)
  story.verdict(verdict)
  story.evidence(last)
  story.check()
  expect(story.ledger.posted(revenueAccount) + story.ledger.posted(taxAccount)).toBe(expected)
})
