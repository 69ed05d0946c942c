/**
 * What has to be looked up at every scan and changes with every session: the chains that were seen, money that the
 * issuer has not confirmed, and the counters. Each change is a list of rows for the journal's transaction and, once
 * that is durable, a change in memory: `prepare…` makes the rows, `apply` takes them in.
 */

import type { Bytes } from '@/lib/core/bytes'
import { grantSerial, sessionId, type GrantSerial, type PublicKey, type SessionId } from '@/lib/core/ids'
import { ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { nothingSpent, type SpentList } from '@/lib/sync/spent-list'
import type { Accepted, KnownAnswer, UsedHere } from '../session/acceptance'
import type { AcceptedBearer } from '../session/bearer'
import { noReceipt } from '../session/receipt'
import {
  metaKeys,
  rows,
  type BearerRow,
  type ChainRow,
  type CountersRow,
  type KioskTable,
  type SessionRow,
  type UnsettledRow,
} from '../session/records'
import { utcDay } from '../session/scope'
import { settlementWrites, type Confirmation } from './settlement'
import { known, readAll, readRow } from './stored-rows'

type Write = ProjectionWrite<KioskTable>

const noCounters: CountersRow = { receiptCounter: 0, receiptHash: noReceipt, transactionId: 0 }

/** Chain heads kept in memory for the sightings in receipts. */
const recentChainsMax = 16

export class Books {
  readonly #journal: Journal<KioskTable>
  readonly #unsettled: Map<SessionId, UnsettledRow>
  readonly #recent: Map<GrantSerial, ChainRow>
  #counters: CountersRow

  private constructor(
    journal: Journal<KioskTable>,
    unsettled: Map<SessionId, UnsettledRow>,
    recent: Map<GrantSerial, ChainRow>,
    counters: CountersRow,
  ) {
    this.#journal = journal
    this.#unsettled = unsettled
    this.#recent = recent
    this.#counters = counters
  }

  static open(journal: Journal<KioskTable>): Result<Books, JournalFault> {
    const unsettled = readAll(journal, 'unsettled', rows.unsettled.decode)
    if (!unsettled.ok) return unsettled
    const chains = readAll(journal, 'chain', rows.chain.decode)
    if (!chains.ok) return chains
    const counters = readRow(journal, 'meta', metaKeys.counters, rows.counters.decode)
    if (!counters.ok) return counters
    const recent = [...chains.value].sort(([, left], [, right]) => left.seenAtS - right.seenAtS)
    return ok(
      new Books(
        journal,
        new Map([...unsettled.value].map(([key, row]) => [sessionId(key), row])),
        new Map(recent.slice(-recentChainsMax).map(([key, row]) => [grantSerial(key), row])),
        counters.value ?? noCounters,
      ),
    )
  }

  get counters(): CountersRow {
    return this.#counters
  }

  get recentChains(): ReadonlyMap<GrantSerial, ChainRow> {
    return this.#recent
  }

  chain(serial: GrantSerial): ChainRow | undefined {
    return known(readRow(this.#journal, 'chain', serial, rows.chain.decode))
  }

  session(id: string): SessionRow | undefined {
    return known(readRow(this.#journal, 'session', id, rows.session.decode))
  }

  /** What was answered to an authorization before, or the receipt if its session has ended. */
  knownAnswer(hash: string): KnownAnswer | undefined {
    const session = this.session(hash)
    if (session !== undefined) {
      const { receipt, answer } = session
      return receipt === undefined
        ? { what: 'answer', bytes: Uint8Array.from(answer), accepted: true }
        : { what: 'receipt', bytes: Uint8Array.from(receipt), accepted: true }
    }
    const declined = known(readRow(this.#journal, 'declined', hash, rows.declined.decode))
    return declined === undefined
      ? undefined
      : { what: 'answer', bytes: Uint8Array.from(declined.answer), accepted: false }
  }

  usedHere(serial: GrantSerial): UsedHere {
    let openMinor = 0
    let unconfirmedMinor = 0
    for (const row of this.#unsettled.values()) {
      if (row.serial !== serial) continue
      unconfirmedMinor += row.amountMinor
      if (!row.ended) openMinor += row.amountMinor
    }
    return { openMinor, unconfirmedMinor }
  }

  /** Roaming money whose receipts the issuer does not even hold. */
  get exposureMinor(): MinorUnits {
    let sum = 0
    for (const row of this.#unsettled.values()) {
      if (row.roaming && row.acknowledged !== true) sum += row.amountMinor
    }
    return minorUnits(sum)
  }

  /** The issuer does not hold the receipt yet. */
  isAtStake(id: string): boolean {
    const row = this.#unsettled.get(sessionId(id))
    return row !== undefined && row.acknowledged !== true
  }

  /** Ended sessions whose receipts the issuer does not hold, by receipt. */
  get untold(): readonly { readonly id: SessionId; readonly counter: number }[] {
    return [...this.#unsettled]
      .flatMap(([id, { counter, acknowledged }]) =>
        counter === undefined || acknowledged === true ? [] : [{ id, counter }],
      )
      .toSorted((one, other) => one.counter - other.counter)
  }

  spentAtSite(serial: GrantSerial): SpentList {
    return known(readRow(this.#journal, 'spent', serial, rows.spent.decode))?.spends ?? nothingSpent
  }

  bearer(serial: GrantSerial): BearerRow | undefined {
    return known(readRow(this.#journal, 'bearer', serial, rows.bearer.decode))
  }

  prepareChain(serial: GrantSerial, row: ChainRow): Write {
    return { table: 'chain', key: serial, value: rows.chain.encode(row) }
  }

  prepareAccept(
    accepted: Accepted,
    connectorId: number,
    answer: Bytes,
    key: PublicKey,
    nowS: EpochSeconds,
  ): readonly Write[] {
    const { sessionId: id, authorization, grant, offer, chain, roaming } = accepted
    const { serial } = grant.payload
    const { bytes } = authorization
    return [
      sessionWrite(id, {
        connectorId,
        serial,
        offer: offer.bytes,
        authorization: bytes,
        grant: grant.bytes,
        answer,
        acceptedAtS: nowS,
        key,
      }),
      openMoney(id, serial, authorization.payload.holdMinor, roaming),
      this.prepareChain(serial, chain),
    ]
  }

  prepareBearerAccept(
    { sessionId: id, offer, record, voucher }: AcceptedBearer,
    answer: Bytes,
    key: PublicKey,
    nowS: EpochSeconds,
  ): readonly Write[] {
    const { serial, notAfterS } = voucher.payload
    const { connectorId, holdMinor } = record.payload
    const spentMinor = minorUnits((this.bearer(serial)?.spentMinor ?? 0) + holdMinor)
    return [
      sessionWrite(id, {
        connectorId,
        serial,
        offer: offer.bytes,
        record: record.bytes,
        answer,
        acceptedAtS: nowS,
        key,
      }),
      openMoney(id, serial, holdMinor, false),
      { table: 'bearer', key: serial, value: rows.bearer.encode({ spentMinor, expiresAtS: notAfterS }) },
    ]
  }

  /** @param seq of the `ended` event in the log's present epoch. */
  prepareEnd(
    { payload, bytes, hash }: VerifiedMessage<Receipt>,
    seq: number,
    nowS: EpochSeconds,
  ): readonly Write[] {
    const { sessionId: id, totalMinor, counter } = payload
    const counters: CountersRow = { ...this.#counters, receiptCounter: counter, receiptHash: hash }
    const writes: Write[] = [this.#countersWrite(counters)]
    const session = this.session(id)
    if (session !== undefined) {
      writes.push(sessionWrite(id, { ...session, receipt: bytes, endedAtS: nowS }))
    }
    const held = this.#unsettled.get(id)
    if (held === undefined) return writes
    const billed: UnsettledRow = {
      ...held,
      amountMinor: totalMinor,
      ended: true,
      epoch: this.#journal.epoch,
      seq,
      counter,
    }
    writes.push({ table: 'unsettled', key: id, value: rows.unsettled.encode(billed) })
    const freedMinor = held.amountMinor - totalMinor
    const bearer = session?.record === undefined ? undefined : this.bearer(held.serial)
    if (bearer !== undefined) {
      const spentMinor = minorUnits(Math.max(0, bearer.spentMinor - freedMinor))
      writes.push({ table: 'bearer', key: held.serial, value: rows.bearer.encode({ ...bearer, spentMinor }) })
    }
    const chain = this.chain(held.serial)
    if (chain !== undefined && session !== undefined && chain.day === utcDay(session.acceptedAtS)) {
      const dayMinor = minorUnits(Math.max(0, chain.dayMinor - freedMinor))
      writes.push(this.prepareChain(held.serial, { ...chain, dayMinor }))
    }
    return writes
  }

  prepareTransaction(transactionId: number): Write {
    return this.#countersWrite({ ...this.#counters, transactionId })
  }

  /** What the log's acknowledged size, and a confirmation where there is one, settle. */
  prepareSettled(confirmation?: Confirmation): readonly Write[] {
    return settlementWrites(this.#unsettled, (serial) => this.chain(serial), this.#journal, confirmation)
  }

  /** Takes rows into memory that are durable now. */
  apply(writes: readonly Write[]): void {
    for (const { table, key, value } of writes) {
      if (table === 'unsettled') this.#applyUnsettled(sessionId(key), value)
      if (table === 'chain' && value !== null) this.#applyChain(grantSerial(key), value)
      if (table === 'meta' && key === metaKeys.counters && value !== null) {
        this.#counters = known(rows.counters.decode(value)) ?? this.#counters
      }
    }
  }

  #applyUnsettled(id: SessionId, value: Uint8Array | null): void {
    const row = value === null ? undefined : known(rows.unsettled.decode(value))
    if (row === undefined) this.#unsettled.delete(id)
    else this.#unsettled.set(id, row)
  }

  #applyChain(serial: GrantSerial, value: Uint8Array): void {
    const row = known(rows.chain.decode(value))
    if (row === undefined) return
    this.#recent.delete(serial)
    this.#recent.set(serial, row)
    const [oldest] = this.#recent.keys()
    if (this.#recent.size > recentChainsMax && oldest !== undefined) this.#recent.delete(oldest)
  }

  #countersWrite(counters: CountersRow): Write {
    return { table: 'meta', key: metaKeys.counters, value: rows.counters.encode(counters) }
  }
}

const sessionWrite = (id: SessionId, row: SessionRow): Write => ({
  table: 'session',
  key: id,
  value: rows.session.encode(row),
})

/** A hold, as long as its session runs. */
const openMoney = (id: SessionId, serial: GrantSerial, amountMinor: MinorUnits, roaming: boolean): Write => {
  const row: UnsettledRow = { serial, amountMinor, roaming, ended: false, epoch: 0, seq: 0 }
  return { table: 'unsettled', key: id, value: rows.unsettled.encode(row) }
}
