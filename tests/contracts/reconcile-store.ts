/**
 * What reconciliation may expect of its store, whatever stands behind it: transactions that are whole or never were,
 * an inbox that nobody works on twice, and the ledger's rules. Run against memory and against PostgreSQL.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { currencyCode, grantSerial, sessionId, type CurrencyCode } from '@/lib/core/ids'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { toHex } from '@/lib/core/bytes'
import {
  cardClearingAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import type { LedgerProof } from '@/lib/cloud/ledger/queries'
import type { Transfer, TransferKind } from '@/lib/cloud/ledger/transfer'
import { orphanSession } from '@/lib/cloud/ingest/session-record'
import { logName, type ReconcileStore, type SessionRecord } from '@/lib/cloud/ingest/store'
import { NaiveLedger } from '../fixtures/naive-ledger'

/** A store of an operator of its own, and what only the tests ask of it. */
export interface StoreUnderTest {
  readonly store: ReconcileStore
  /** A grant that the books know, with an empty reserve. */
  putGrant(serial: string, owner: LedgerAccount, releaseAfterS: number): Promise<void>
  prove(): Promise<LedgerProof>
}

const nowS = epochSeconds(1_788_264_000)
const wallet = walletAccount('anna')
const serial = grantSerial('00000000000000a1')
const reserve = reserveAccount(serial)
const id = sessionId('5'.repeat(32))

const post = (
  reference: string,
  kind: TransferKind,
  debit: LedgerAccount,
  credit: LedgerAccount,
  amount: number,
  currency: CurrencyCode = EUR,
): Transfer => ({
  ...{ reference, kind, debit, credit, currency, effect: 'post', reason: 'test', author: 'test' },
  amountMinor: minorUnits(amount),
})
const topUp = (reference: string, amount: number, currency?: CurrencyCode) =>
  post(reference, 'top-up', cardClearingAccount, wallet, amount, currency)
const reserving = (reference: string, amount: number) => post(reference, 'reserve', wallet, reserve, amount)
const holding = (reference: string, amount: number): Transfer => ({
  ...post(reference, 'hold', reserve, revenueAccount, amount),
  effect: 'pend',
})
const resolving = (
  reference: string,
  kind: TransferKind,
  effect: 'post-pending' | 'void-pending',
  amount: number,
): Transfer => ({
  ...post(reference, kind, reserve, revenueAccount, amount),
  ...{ effect, resolves: { reference, kind: 'hold' } },
})

export function reconcileStoreContract(open: () => Promise<StoreUnderTest>): void {
  const posting = async ({ store }: StoreUnderTest, ...batch: Transfer[]) => {
    const posted = await store.transaction((tx) => tx.post(batch))
    return posted.ok ? posted.value : posted.error.kind
  }
  const posted = async ({ store }: StoreUnderTest, account: LedgerAccount) =>
    (await store.transaction((tx) => tx.lockBalances([account]))).get(account)

  test('what a transaction wrote is gone when it throws, whatever it wrote', async () => {
    const books = await open()
    await books.putGrant(serial, wallet, nowS)
    const failing = books.store.transaction(async (tx) => {
      await tx.putItem({ itemId: 'i1', kind: 'report', bytes: utf8('{}') }, nowS)
      await tx.lockLogs([{ device: 'KIN-1', epoch: 1 }], nowS)
      await tx.addSessions([orphanSession(id)], nowS)
      await tx.post([topUp('t1', 500)])
      await tx.openCases([{ kind: 'fork', code: 'wallet.previous', serial, evidence: [] }], nowS)
      throw new Error('the process dies')
    })
    await expect(failing).rejects.toThrow('the process dies')
    await books.store.transaction(async (tx) => {
      expect(await tx.waitingItems(9)).toEqual([])
      expect(await tx.heldLog({ device: 'KIN-1', epoch: 1 })).toBeUndefined()
      expect((await tx.lockBalances([wallet])).get(wallet)?.postedMinor).toBe(0)
    })
    expect((await books.prove()).transfers).toBe(0)
  })

  test('an item waits until it is finished, and the same bytes again are the same item', async () => {
    const { store } = await open()
    const item = { itemId: 'i1', kind: 'bundle', bytes: toBytes([1, 2, 3]) } as const
    await store.transaction((tx) => tx.putItem(item, nowS))
    await store.transaction((tx) => tx.putItem(item, nowS))
    expect(await store.transaction((tx) => tx.waitingItems(9))).toEqual(['i1'])
    expect(await store.transaction((tx) => tx.outcomeOf('i1'))).toBeUndefined()
    const outcome = { kind: 'bundle', device: 'KIN-1', epoch: 1 } as const
    await store.transaction(async (tx) => {
      expect(await tx.claimItems(['i1', 'other'])).toEqual([item])
      await tx.finishItems([{ itemId: 'i1', outcome }], nowS)
    })
    await store.transaction((tx) => tx.putItem(item, nowS))
    expect(await store.transaction((tx) => tx.waitingItems(9))).toEqual([])
    expect(await store.transaction((tx) => tx.outcomeOf('i1'))).toEqual(outcome)
    expect(await store.transaction((tx) => tx.claimItems(['i1']))).toEqual([])
    expect(await store.transaction((tx) => tx.countAttempt('i1'))).toBeUndefined()
  })

  test('items that are finished together each keep their own outcome', async () => {
    const { store } = await open()
    const named = (itemId: string) => ({ itemId, kind: 'bundle', bytes: toBytes(utf8(itemId)) }) as const
    const outcomes = [
      { itemId: 'i1', outcome: { kind: 'bundle', device: 'KIN-1', epoch: 1 } },
      { itemId: 'i2', outcome: { kind: 'refused', refusal: { code: 'code.damaged' } } },
      {
        itemId: 'i3',
        outcome: { kind: 'bundle', device: '"{},\\', epoch: 2, refused: { code: 'device.gap' } },
      },
    ] as const
    await store.transaction(async (tx) => {
      for (const itemId of ['i1', 'i2', 'i3', 'i4']) await tx.putItem(named(itemId), nowS)
      await tx.finishItems(outcomes, nowS)
      await tx.finishItems([], nowS)
    })
    expect(await store.transaction((tx) => tx.waitingItems(9))).toEqual(['i4'])
    for (const { itemId, outcome } of outcomes)
      expect(await store.transaction((tx) => tx.outcomeOf(itemId))).toEqual(outcome)
    expect(await store.transaction((tx) => tx.outcomeOf('i4'))).toBeUndefined()
  })

  test.each([
    { kind: 'refused', refusal: { code: 'grant.missing' } },
    { kind: 'bundle', device: 'KIN-1', epoch: 1, refused: { code: 'device.gap' } },
  ] as const)('what was refused is looked at anew when it comes again: %j', async (outcome) => {
    const { store } = await open()
    const item = { itemId: 'i1', kind: 'bundle', bytes: toBytes([1]) } as const
    await store.transaction((tx) => tx.putItem(item, nowS))
    await store.transaction((tx) => tx.finishItems([{ itemId: 'i1', outcome }], nowS))
    expect(await store.transaction((tx) => tx.waitingItems(9))).toEqual([])
    await store.transaction((tx) => tx.putItem(item, nowS))
    expect(await store.transaction((tx) => tx.waitingItems(9))).toEqual(['i1'])
  })

  test('failures of a waiting item are counted', async () => {
    const { store } = await open()
    const item = { itemId: 'i1', kind: 'report', bytes: toBytes([7]) } as const
    await store.transaction((tx) => tx.putItem(item, nowS))
    expect(await store.transaction((tx) => tx.countAttempt('i1'))).toMatchObject({ ...item, attempts: 1 })
    expect(await store.transaction((tx) => tx.countAttempt('i1'))).toMatchObject({ attempts: 2 })
  })

  test('a log grows by what is appended and gives the events back in order', async () => {
    const { store } = await open()
    const key = { device: 'KIN-1', epoch: 1 }
    const events = [1, 2, 3].map((byte) => toBytes([byte]))
    const { frontier } = appendLeaves(emptyFrontier, events.map(leafHash))
    await store.transaction(async (tx) => {
      expect((await tx.lockLogs([key], nowS)).get(logName(key))?.frontier).toEqual(emptyFrontier)
      const rest = { frontier, checkpoint: toBytes([9]), checkpointAtS: nowS }
      await tx.extendLogs([{ ...key, firstSeq: 0, events, ...rest }], nowS)
    })
    await store.transaction(async (tx) => {
      expect(await tx.heldLog(key)).toEqual({
        ...{ frontier, root: toHex(rootOf(frontier)) },
        ...{ checkpointAtS: nowS, earlyCount: 0 },
      })
      expect(await tx.storedEvents(key, 1, 9)).toEqual(events.slice(1))
      expect(await tx.heldLog({ ...key, epoch: 2 })).toBeUndefined()
    })
  })

  test('early pieces wait in their order, are counted with their log, and go when they are dropped', async () => {
    const { store } = await open()
    const key = { device: 'KIN-1', epoch: 1 }
    const piece = (firstSeq: number, root = 'aa') => ({
      ...{ ...key, firstSeq, endSeq: firstSeq + 2, root: root.repeat(32), bytes: toBytes([firstSeq]) },
    })
    const countOf = () => store.transaction(async (tx) => (await tx.heldLog(key))?.earlyCount)
    await store.transaction(async (tx) => {
      await tx.lockLogs([key, { device: 'KIN-2', epoch: 1 }], nowS)
      await tx.changeEarly([piece(8), piece(4), piece(4, 'ab')], [], nowS)
      await tx.changeEarly([piece(8)], [], nowS)
    })
    expect(await countOf()).toBe(3)
    await store.transaction(async (tx) => {
      expect(await tx.earlyPieces('KIN-1')).toEqual([piece(4), piece(4, 'ab'), piece(8)])
      expect(await tx.earlyPieces('KIN-2')).toEqual([])
      await tx.changeEarly([], [piece(4), piece(8)], nowS)
    })
    expect(await countOf()).toBe(1)
    await store.transaction((tx) => tx.changeEarly([], [piece(4, 'ab')], nowS))
    expect(await countOf()).toBe(0)
    expect(await store.transaction((tx) => tx.earlyPieces('KIN-1'))).toEqual([])
  })

  test('a session is an orphan until it is written, and stands with its chain and its owner’s news', async () => {
    const books = await open()
    await books.putGrant(serial, wallet, nowS)
    await books.store.transaction(async (tx) => {
      expect((await tx.lockSessions([id])).size).toBe(0)
      await tx.addSessions([orphanSession(id)], nowS)
    })
    const before = await books.store.transaction((tx) => tx.lockSessions([id]))
    expect(before.get(id)).toEqual(orphanSession(id))
    const written: SessionRecord = {
      ...(before.get(id) as SessionRecord),
      ...{ serial, owner: wallet, seq: 1, previousHash: '0'.repeat(32), grossMinor: 900, holdMinor: 900 },
      ...{ currency: EUR, authorizedAtS: nowS, state: 'settled', holdState: 'resolved', postedMinor: 490 },
      ...{ byCharger: true, energyWh: 10_000, receiptCounter: 3, offerExpiresAtS: nowS },
      logged: [{ device: 'KIN-1', epoch: 1, seq: 4 }],
    }
    await books.store.transaction((tx) => tx.changeSessions([written], nowS))
    await books.store.transaction(async (tx) => {
      expect((await tx.lockSessions([id])).get(id)).toEqual(written)
      expect(await tx.sessionStandings([id, id])).toEqual([
        { sessionId: id, state: 'settled', totalMinor: 490 },
      ])
      expect(await tx.chainLinks([serial])).toEqual([
        { sessionId: id, serial, seq: 1, previous: '0'.repeat(32), grossMinor: 900, holdMinor: 900 },
      ])
      await tx.openCases(
        [{ kind: 'amount', code: 'receipt.amount', sessionId: id, serial, evidence: [] }],
        nowS,
      )
      expect(await tx.sessionStandings([id])).toMatchObject([{ state: 'case' }])
    })
  })

  test('a reserve is due once its time is over, with the holds that are open under it, and only once', async () => {
    const books = await open()
    await books.putGrant(serial, wallet, nowS - 1)
    await books.putGrant('00000000000000a2', wallet, nowS + 1)
    await books.store.transaction(async (tx) => {
      const open = { state: 'seen', holdState: 'open', holdMinor: 300, currency: EUR } as const
      await tx.addSessions([{ ...orphanSession(id), ...open, serial, owner: wallet, seq: 1 }], nowS)
      const due = await tx.lockDueReserves(nowS, 10)
      expect(due.reserves).toEqual([{ serial, owner: wallet }])
      expect(due.holds).toEqual([{ sessionId: id, serial, holdMinor: 300, currency: EUR }])
      await tx.endHolds([id])
      await tx.endReserves([serial], nowS)
    })
    await books.store.transaction(async (tx) => {
      expect(await tx.lockDueReserves(nowS, 10)).toEqual({ reserves: [], holds: [] })
      expect((await tx.lockBooks([serial])).reserves.get(serial)?.isReleased).toBe(true)
    })
  })

  test('the books of a grant say what reserve and owner hold, and keep what was covered', async () => {
    const books = await open()
    await books.putGrant(serial, wallet, nowS)
    await posting(books, topUp('t1', 900), reserving('g1', 600))
    await books.store.transaction(async (tx) => {
      const locked = await tx.lockBooks([serial])
      expect(locked.reserves.get(serial)).toEqual({
        ...{ owner: wallet, balanceMinor: 600, coveredMinor: 0, isReleased: false },
      })
      expect(locked.owners.get(wallet)).toEqual({ availableMinor: 300, owedMinor: 0 })
      const known = locked.reserves.get(serial)
      if (known !== undefined) known.coveredMinor = 40
      await tx.writeCovered(locked)
    })
    const again = await books.store.transaction((tx) => tx.lockBooks([serial]))
    expect(again.reserves.get(serial)?.coveredMinor).toBe(40)
    const asked = [serial, grantSerial('ffffffffffffffff')]
    const known = await books.store.transaction((tx) => tx.knownGrants(asked))
    expect([...known.keys()]).toEqual([serial])
  })

  test('a promise is posted or voided once', async () => {
    const books = await open()
    await posting(books, topUp('t1', 900), reserving('g1', 600), holding('s1', 300), holding('s2', 200))
    expect(await posted(books, reserve)).toEqual({ postedMinor: 600, pendingMinor: 500, availableMinor: 100 })
    expect(await posting(books, resolving('s1', 'settle', 'post-pending', 250))).toEqual(['posted'])
    expect(await posting(books, resolving('s1', 'void', 'void-pending', 300))).toBe('already-resolved')
    expect(await posting(books, resolving('s2', 'void', 'void-pending', 200))).toEqual(['posted'])
    expect(await posting(books, resolving('s2', 'settle', 'post-pending', 100))).toBe('already-resolved')
    expect(await posting(books, resolving('s3', 'settle', 'post-pending', 100))).toBe('no-pending')
    expect(await posted(books, reserve)).toEqual({ postedMinor: 350, pendingMinor: 0, availableMinor: 350 })
    expect(await books.prove()).toMatchObject({ transfers: 6, isProved: true })
  })

  test('the same transfer again changes nothing, and another one under its key is refused', async () => {
    const books = await open()
    expect(await posting(books, topUp('t1', 900))).toEqual(['posted'])
    expect(await posting(books, topUp('t1', 900), topUp('t2', 100))).toEqual(['duplicate', 'posted'])
    expect(await posting(books, topUp('t1', 901))).toBe('differs')
    expect((await posted(books, wallet))?.postedMinor).toBe(1_000)
  })

  test('an overdraft is refused as a whole', async () => {
    const books = await open()
    expect(await posting(books, topUp('t1', 900), reserving('g1', 901))).toBe('insufficient')
    expect(await books.prove()).toMatchObject({ transfers: 0 })
  })

  test('each currency adds up by itself', async () => {
    const books = await open()
    const GBP = currencyCode('GBP')
    await posting(books, topUp('t1', 900), topUp('t2', 70, GBP))
    expect((await posted(books, wallet))?.postedMinor).toBe(900)
    const proof = await books.prove()
    expect(proof.isProved).toBe(true)
    expect(proof.currencies.map(({ currency }) => currency)).toEqual([EUR, GBP])
  })

  test('any sequence of batches gives the outcomes and balances of a naive ledger', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyTransfer, { minLength: 1, maxLength: 4 }), { maxLength: 10 }),
        async (batches) => {
          const books = await open()
          const naive = new NaiveLedger()
          for (const batch of batches) {
            const outcome = await posting(books, ...batch)
            const expected = naive.post(batch)
            expect(Array.isArray(outcome)).toBe(Array.isArray(expected))
            if (Array.isArray(outcome)) expect(outcome).toEqual(expected)
          }
          for (const account of naive.accounts()) {
            const balance = await posted(books, account)
            expect([account, balance?.postedMinor, balance?.pendingMinor]).toEqual([
              ...[account, naive.posted(account), naive.pending(account)],
            ])
          }
          expect(await books.prove()).toMatchObject({ imbalanceMinor: 0, isProved: true })
        },
      ),
      { numRuns: 40 },
    )
  })
}

/** Few references and few amounts, so that repeats, contradictions and double resolutions are common. */
const references = fc.constantFrom('r1', 'r2', 'r3')
const kinds = fc.constantFrom<TransferKind>('top-up', 'reserve', 'hold', 'settle', 'void', 'cover-receivable')
const accounts = fc.constantFrom<LedgerAccount>(
  ...[wallet, reserve, receivableAccount(wallet), revenueAccount, taxAccount, cardClearingAccount],
)
const anyTransfer: fc.Arbitrary<Transfer> = fc.oneof(
  fc.tuple(references, fc.constantFrom(400, 900)).map(([name, amount]) => topUp(name, amount)),
  fc.tuple(references, fc.constantFrom(300, 400)).map(([name, amount]) => reserving(name, amount)),
  fc.tuple(references, fc.constantFrom(150, 300)).map(([name, amount]) => holding(name, amount)),
  fc
    .tuple(references, fc.constantFrom(100, 300))
    .map(([name, amount]) => resolving(name, 'settle', 'post-pending', amount)),
  fc
    .tuple(references, kinds, accounts, accounts, fc.constantFrom(100, 250))
    .filter(([, , debit, credit]) => debit !== credit)
    .map(([name, kind, debit, credit, amount]) => post(name, kind, debit, credit, amount)),
)
