import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial, sessionId, type GrantSerial, type SessionId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import {
  cardClearingAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import type { Final } from '@/lib/cloud/ingest/judge'
import { settle, type Books, type PostedSession } from '@/lib/cloud/ingest/settle'
import { NaiveLedger } from '../fixtures/naive-ledger'

/** What chargers say about a session over time: each final by itself. */
interface Told {
  readonly session: number
  readonly amounts: readonly number[]
}

const serials = [grantSerial('0000000000000001'), grantSerial('0000000000000002')]
const owner = walletAccount('anna')
const holdMinor = minorUnits(1_000)
const capMinor = 1_500
const balanceAtFirst = 800

const idOf = (session: number): SessionId => sessionId(session.toString(16).padStart(32, '0'))
const serialOf = (session: number): GrantSerial => serials[session % 2] ?? grantSerial('')
const taxOf = (amount: number) => minorUnits(Math.floor(amount / 6))

const finalOf = (amounts: readonly number[]): Final | undefined =>
  amounts.length === 0
    ? undefined
    : {
        owedMinor: minorUnits(Math.min(...amounts)),
        taxMinor: taxOf(Math.min(...amounts)),
        claimedMinor: minorUnits(Math.max(...amounts)),
        energyWh: null,
        receiptCounter: null,
      }

/** Books over the naive ledger, read afresh for every step as the database does. */
class Cloud {
  readonly ledger = new NaiveLedger()
  private readonly sessions = new Map<number, PostedSession>()
  private readonly told = new Map<number, number[]>()
  private readonly covered = new Map<GrantSerial, number>()

  constructor() {
    this.mustPost([this.transfer('t', 'top-up', cardClearingAccount, owner, 2 * capMinor + balanceAtFirst)])
    for (const serial of serials) {
      this.mustPost([this.transfer(serial, 'reserve', owner, reserveAccount(serial), capMinor)])
    }
  }

  tell({ session, amounts }: Told): void {
    const known = [...(this.told.get(session) ?? []), ...amounts]
    this.told.set(session, known)
    const books = this.books()
    const settlement = settle(
      this.sessions.get(session) ?? this.fresh(session),
      finalOf(known),
      books,
      'test',
    )
    this.mustPost(settlement.transfers)
    this.sessions.set(session, settlement.session)
    for (const [serial, { coveredMinor }] of books.reserves) this.covered.set(serial, coveredMinor)
  }

  topUp(reference: string, amount: number): void {
    const owed = -this.ledger.posted(receivableAccount(owner))
    this.mustPost([
      this.transfer(reference, 'top-up', cardClearingAccount, owner, amount),
      ...(owed > 0
        ? [this.transfer(reference, 'recover', owner, receivableAccount(owner), Math.min(owed, amount))]
        : []),
    ])
  }

  figures(): Record<string, number> {
    const accounts: LedgerAccount[] = [
      owner,
      receivableAccount(owner),
      ...serials.map(reserveAccount),
      revenueAccount,
      taxAccount,
    ]
    return Object.fromEntries(
      accounts.flatMap((account) => [
        [account, this.ledger.posted(account)],
        [`${account} pending`, this.ledger.pending(account)],
      ]),
    )
  }

  private books(): Books {
    return {
      reserves: new Map(
        serials.map((serial) => [
          serial,
          {
            owner,
            balanceMinor: this.ledger.posted(reserveAccount(serial)),
            coveredMinor: this.covered.get(serial) ?? 0,
            isReleased: false,
          },
        ]),
      ),
      owners: new Map([
        [
          owner,
          {
            availableMinor: this.ledger.posted(owner) - this.ledger.pending(owner),
            owedMinor: -this.ledger.posted(receivableAccount(owner)),
          },
        ],
      ]),
    }
  }

  private fresh(session: number): PostedSession {
    return {
      sessionId: idOf(session),
      serial: serialOf(session),
      owner,
      currency: EUR,
      holdMinor,
      hold: 'none',
      postedMinor: null,
      postedTaxMinor: minorUnits(0),
      disputedMinor: minorUnits(0),
      disputeReference: null,
    }
  }

  private transfer(
    reference: string,
    kind: Transfer['kind'],
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: number,
  ): Transfer {
    const base = { currency: EUR, reason: 'test', author: 'test', effect: 'post' } as const
    return { ...base, reference, kind, debit, credit, amountMinor: minorUnits(amount) }
  }

  /** The real ledger refuses what the naive one refuses; a settlement must never be refused. */
  private mustPost(batch: readonly Transfer[]): void {
    expect(this.ledger.post(batch)).toEqual(batch.map(() => 'posted'))
  }
}

const told: fc.Arbitrary<Told> = fc.record({
  session: fc.nat({ max: 6 }),
  amounts: fc.array(fc.constantFrom(0, 1, 7, 400, 650, 999, 1_000), { maxLength: 2 }),
})

test('whatever chargers say in whatever order, the books end the same and stay legal at every step', () => {
  fc.assert(
    fc.property(
      fc
        .array(told, { maxLength: 16 })
        .chain((story) =>
          fc.tuple(fc.constant(story), fc.shuffledSubarray(story, { minLength: story.length })),
        ),
      ([story, shuffled]) => {
        const inOrder = new Cloud()
        const inAnyOrder = new Cloud()
        for (const piece of story) inOrder.tell(piece)
        for (const piece of shuffled) inAnyOrder.tell(piece)
        expect(inAnyOrder.figures()).toEqual(inOrder.figures())
      },
    ),
    { numRuns: 400 },
  )
})

test('when credit comes does not matter either, once everything has been told', () => {
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 12 }), fc.nat({ max: 12 }), (story, position) => {
      const early = new Cloud()
      const late = new Cloud()
      early.topUp('more', 2_000)
      story.forEach((piece, index) => {
        if (index === position) late.topUp('more', 2_000)
        early.tell(piece)
        late.tell(piece)
      })
      if (position >= story.length) late.topUp('more', 2_000)
      expect(late.figures()).toEqual(early.figures())
    }),
    { numRuns: 300 },
  )
})

test('the driver never pays more than the lowest final of each session', () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 14 }), (story) => {
      const cloud = new Cloud()
      for (const piece of story) cloud.tell(piece)
      const lowest = new Map<number, number>()
      for (const { session, amounts } of story) {
        for (const amount of amounts) lowest.set(session, Math.min(lowest.get(session) ?? Infinity, amount))
      }
      const owed = [...lowest.values()].reduce((sum, amount) => sum + amount, 0)
      expect(cloud.ledger.posted(revenueAccount) + cloud.ledger.posted(taxAccount)).toBe(owed)
    }),
    { numRuns: 300 },
  )
})
