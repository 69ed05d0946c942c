import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial } from '@/lib/core/ids'
import {
  cardAuthorizedAccount,
  cardClearingAccount,
  guestAccount,
  receivableAccount,
  reserveAccount,
} from '@/lib/cloud/ledger/accounts'
import type { Transfer } from '@/lib/cloud/ledger/transfer'
import {
  captureTransfers,
  decideGuest,
  lapseTransfers,
  preauthoriseTransfers,
  refundTransfers,
  releaseTransfers,
  type GuestMoney,
  type GuestStanding,
} from '@/lib/cloud/topup/guest-transfers'

const party = { paymentId: 'aa', serial: grantSerial('0123456789abcdef'), currency: EUR }
const card = cardAuthorizedAccount(party.paymentId)
const reserve = reserveAccount(party.serial)
const guest = guestAccount(party.paymentId)

/** Balances of a few accounts, kept by hand. */
class Books {
  readonly balances = new Map<string, number>()
  pendingMinor = 0

  add(transfers: readonly Pick<Transfer, 'debit' | 'credit' | 'amountMinor'>[]): void {
    for (const { debit, credit, amountMinor } of transfers) {
      expect(amountMinor).toBeGreaterThan(0)
      this.balances.set(debit, this.of(debit) - amountMinor)
      this.balances.set(credit, this.of(credit) + amountMinor)
    }
    expect(this.of(card)).toBeLessThanOrEqual(0)
    expect(this.of(reserve)).toBeGreaterThanOrEqual(0)
    expect(this.of(guest)).toBeGreaterThanOrEqual(0)
    expect([...this.balances.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0)
  }

  move(debit: string, credit: string, amount: number): void {
    this.add([{ debit, credit, amountMinor: amount } as unknown as Transfer])
  }

  of(account: string): number {
    return this.balances.get(account) ?? 0
  }

  money(): GuestMoney {
    return {
      cardMinor: this.of(card),
      reserveMinor: this.of(reserve),
      pendingMinor: this.pendingMinor,
      ownerMinor: this.of(guest),
    }
  }
}

const standing = (change: Partial<GuestStanding> & Pick<GuestStanding, 'money'>): GuestStanding => ({
  state: 'authorized',
  holdMinor: 1_500,
  sessions: 'none',
  isDisputed: false,
  hasExpired: false,
  logsReachEnd: false,
  isOverdue: false,
  ...change,
})

const whole: GuestMoney = { cardMinor: -1_500, reserveMinor: 1_500, pendingMinor: 0, ownerMinor: 0 }
const spent: GuestMoney = { ...whole, reserveMinor: 1_010 }
const taken: GuestMoney = { ...spent, cardMinor: 0 }

test.each<[string, Partial<GuestStanding> & Pick<GuestStanding, 'money'>, ReturnType<typeof decideGuest>]>([
  ['nothing is known yet', { money: whole }, { kind: 'wait' }],
  ['a session runs', { money: { ...whole, pendingMinor: 1_500 }, sessions: 'open' }, { kind: 'wait' }],
  ['a receipt is there', { money: spent, sessions: 'decided' }, { kind: 'capture', amountMinor: 490 }],
  ['two receipts differ', { money: spent, sessions: 'decided', isDisputed: true }, { kind: 'wait' }],
  [
    'two receipts differ and the promise ends',
    { money: { ...spent, pendingMinor: 100 }, sessions: 'decided', isDisputed: true, isOverdue: true },
    { kind: 'capture', amountMinor: 590 },
  ],
  ['declined, and the grant still runs', { money: whole, sessions: 'decided' }, { kind: 'wait' }],
  ['declined and run out', { money: whole, sessions: 'decided', hasExpired: true }, { kind: 'cancel' }],
  ['run out, and a log is missing', { money: whole, hasExpired: true }, { kind: 'wait' }],
  [
    'run out, and no log knows it',
    { money: whole, hasExpired: true, logsReachEnd: true },
    { kind: 'cancel' },
  ],
  ['the promise ends', { money: whole, isOverdue: true }, { kind: 'capture', amountMinor: 1_500 }],
  [
    'the promise ends during a session',
    { money: { ...whole, pendingMinor: 1_500 }, sessions: 'open', isOverdue: true },
    { kind: 'capture', amountMinor: 1_500 },
  ],
  ['taken whole, nothing known', { state: 'captured', money: { ...whole, cardMinor: 0 } }, { kind: 'wait' }],
  [
    'taken whole, then a receipt',
    { state: 'captured', money: taken, sessions: 'decided' },
    { kind: 'refund', amountMinor: 1_010 },
  ],
  [
    'taken whole, and part is in doubt',
    { state: 'captured', money: { ...taken, pendingMinor: 10 }, sessions: 'decided', isDisputed: true },
    { kind: 'refund', amountMinor: 1_000 },
  ],
  [
    'released to the guest after the holds ran out',
    { state: 'captured', money: { ...whole, cardMinor: 0, reserveMinor: 0, ownerMinor: 1_500 } },
    { kind: 'refund', amountMinor: 1_500 },
  ],
  [
    'less was taken than is owed',
    { state: 'captured', money: { ...whole, cardMinor: -90, reserveMinor: 0 }, sessions: 'decided' },
    { kind: 'lose' },
  ],
])('%s', (_what, change, decision) => {
  expect(decideGuest(standing(change))).toEqual(decision)
})

type Happening = 'settle' | 'lower' | 'look' | 'captured' | 'lapse' | 'expire' | 'overdue' | 'release'
const happenings: readonly Happening[] = [
  'settle',
  'lower',
  'look',
  'captured',
  'lapse',
  'expire',
  'overdue',
  'release',
]

test('whatever happens and in whatever order, the books stay legal and the card pays what was used', () => {
  const story = fc.record({
    spentMinor: fc.integer({ min: 0, max: 1_500 }),
    lowerMinor: fc.integer({ min: 0, max: 1_500 }),
    happenings: fc.array(fc.constantFrom(...happenings), { maxLength: 24 }),
  })
  fc.assert(
    fc.property(story, ({ spentMinor, lowerMinor, happenings: chosen }) => {
      const books = new Books()
      books.add(preauthoriseTransfers(party, 1_500))
      let state = 'authorized' as 'authorized' | 'captured' | 'asked' | 'over'
      let asked = 0
      let owed: number | undefined
      let [hasExpired, isOverdue, isReleased, refunds] = [false, false, false, 0]
      const happen: Record<Happening, () => void> = {
        settle() {
          if (owed !== undefined) return
          owed = spentMinor
          if (spentMinor === 0) return
          const lacking = Math.max(0, spentMinor - books.of(reserve))
          const fromGuest = Math.min(lacking, books.of(guest))
          if (fromGuest > 0) books.move(guest, reserve, fromGuest)
          if (lacking > fromGuest) books.move(receivableAccount(guest), reserve, lacking - fromGuest)
          books.move(reserve, 'revenue', spentMinor)
        },
        lower() {
          const back = Math.max(0, (owed ?? 0) - lowerMinor)
          if (owed === undefined || back === 0) return
          books.move('revenue', isReleased || state === 'over' ? guest : reserve, back)
          owed -= back
        },
        look() {
          if (state !== 'authorized' && state !== 'captured') return
          const sessions = owed === undefined ? 'none' : 'decided'
          const money = books.money()
          const decision = decideGuest(standing({ state, sessions, hasExpired, isOverdue, money }))
          if (decision.kind === 'capture' || decision.kind === 'cancel') {
            books.add(releaseTransfers(party, decision, money))
            asked = decision.kind === 'capture' ? decision.amountMinor : 0
            state = 'asked'
          } else if (decision.kind === 'refund') {
            refunds += 1
            const refund = refundTransfers(party, decision.amountMinor, money, `aa/refund-${refunds}`)
            expect(refund.refundMinor).toBeLessThanOrEqual(-books.of(cardClearingAccount))
            books.add(refund.transfers)
          } else if (decision.kind === 'lose') books.add(lapseTransfers(party, money))
        },
        captured() {
          if (state !== 'asked') return
          if (asked > 0) books.add(captureTransfers(party, asked, books.money()))
          state = asked > 0 ? 'captured' : 'over'
        },
        lapse() {
          if (state === 'captured' || state === 'over') return
          books.add(lapseTransfers(party, books.money()))
          state = 'over'
        },
        expire: () => void (hasExpired = true),
        overdue: () => void ([hasExpired, isOverdue] = [true, true]),
        release() {
          if (!isOverdue || state !== 'captured' || books.of(reserve) === 0) return
          books.move(reserve, guest, books.of(reserve))
          isReleased = true
        },
      }
      for (const happening of chosen) happen[happening]()
      // Heal: everything comes to be known, and everybody looks often enough.
      for (const happening of ['settle', 'overdue', 'look', 'captured', 'look', 'look'] as const)
        happen[happening]()
      if (state === 'captured') {
        expect(books.of(card)).toBe(0)
        expect(0 - books.of(cardClearingAccount)).toBe((owed ?? 0) + books.of(receivableAccount(guest)))
      }
    }),
  )
})
