/**
 * What has to be looked up at every scan and changes with every session: the chains that were seen, money that the
 * issuer has not confirmed, and the counters. Each change is a list of rows for the journal's transaction and, once
 * that is durable, a change in memory: `prepare…` makes the rows, `apply` takes them in.
 */

import type { Bytes } from '@/lib/core/bytes'
import { grantSerial, sessionId, type GrantSerial, type SessionId } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { journalFault, type Journal, type JournalFault, type ProjectionWrite } from '@/lib/journal/journal'
import type { DecodeFault } from '@/lib/protocol/cbor'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import type { Accepted, KnownAnswer, UsedHere } from '../session/acceptance'
import { noReceipt } from '../session/receipt'
import {
  metaKeys,
  rows,
  type ChainRow,
  type CountersRow,
  type KioskTable,
  type SessionRow,
  type UnsettledRow,
} from '../session/records'
import { utcDay } from '../session/scope'

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

  get exposureMinor(): MinorUnits {
    let sum = 0
    for (const row of this.#unsettled.values()) if (row.roaming) sum += row.amountMinor
    return minorUnits(sum)
  }

  isUnsettled(id: string): boolean {
    return this.#unsettled.has(sessionId(id))
  }

  prepareChain(serial: GrantSerial, row: ChainRow): Write {
    return { table: 'chain', key: serial, value: rows.chain.encode(row) }
  }

  prepareAccept(
    accepted: Accepted,
    connectorId: number,
    answer: Bytes,
    nowS: EpochSeconds,
  ): readonly Write[] {
    const { sessionId: id, authorization, grant, offer, chain, roaming } = accepted
    const { serial } = grant.payload
    const session: SessionRow = {
      connectorId,
      serial,
      offer: offer.bytes,
      authorization: authorization.bytes,
      grant: grant.bytes,
      answer,
      acceptedAtS: nowS,
    }
    const unsettled: UnsettledRow = {
      serial,
      amountMinor: authorization.payload.holdMinor,
      roaming,
      ended: false,
      epoch: 0,
      seq: 0,
    }
    return [
      { table: 'session', key: id, value: rows.session.encode(session) },
      { table: 'unsettled', key: id, value: rows.unsettled.encode(unsettled) },
      this.prepareChain(serial, chain),
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
      const ended: SessionRow = { ...session, receipt: bytes, endedAtS: nowS }
      writes.push({ table: 'session', key: id, value: rows.session.encode(ended) })
    }
    const held = this.#unsettled.get(id)
    if (held === undefined) return writes
    const billed: UnsettledRow = {
      ...held,
      amountMinor: totalMinor,
      ended: true,
      epoch: this.#journal.epoch,
      seq,
    }
    writes.push({ table: 'unsettled', key: id, value: rows.unsettled.encode(billed) })
    const chain = this.chain(held.serial)
    if (chain !== undefined && session !== undefined && chain.day === utcDay(session.acceptedAtS)) {
      const dayMinor = minorUnits(Math.max(0, chain.dayMinor - (held.amountMinor - totalMinor)))
      writes.push(this.prepareChain(held.serial, { ...chain, dayMinor }))
    }
    return writes
  }

  prepareTransaction(transactionId: number): Write {
    return this.#countersWrite({ ...this.#counters, transactionId })
  }

  /**
   * What the issuer's acknowledgement settles: every session whose receipt it now holds. A log that started a new
   * epoch has moved its events; they count as acknowledged once everything written so far is.
   */
  prepareSettled(): readonly Write[] {
    const { epoch, acknowledgedSize, size } = this.#journal
    const writes: Write[] = []
    const confirmed = new Set<GrantSerial>()
    for (const [id, row] of this.#unsettled) {
      if (!row.ended) continue
      if (row.epoch !== epoch) {
        const moved: UnsettledRow = { ...row, epoch, seq: Math.max(0, size - 1) }
        writes.push({ table: 'unsettled', key: id, value: rows.unsettled.encode(moved) })
      } else if (row.seq < acknowledgedSize) {
        writes.push({ table: 'unsettled', key: id, value: null })
        if (row.amountMinor > 0) confirmed.add(row.serial)
      }
    }
    for (const serial of confirmed) {
      const chain = this.chain(serial)
      if (chain !== undefined && !chain.confirmed) {
        writes.push(this.prepareChain(serial, { ...chain, confirmed: true }))
      }
    }
    return writes
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

/** A row that cannot be read throws: deciding about money without it would be worse than not deciding. */
function known<T>(result: Result<T, JournalFault | DecodeFault>): T {
  if (result.ok) return result.value
  throw new Error(`A stored row cannot be read: ${JSON.stringify(result.error)}`)
}

function readRow<T>(
  journal: Journal<KioskTable>,
  table: KioskTable,
  key: string,
  decode: (bytes: Uint8Array) => Result<T, DecodeFault>,
): Result<T | undefined, JournalFault> {
  const row = journal.get(table, key)
  if (!row.ok) return row
  if (row.value === undefined) return ok(undefined)
  const decoded = decode(row.value)
  return decoded.ok ? decoded : err(journalFault('damaged', `Row ${table}/${key}: ${decoded.error.kind}`))
}

/** All rows of a small table. */
function readAll<T>(
  journal: Journal<KioskTable>,
  table: KioskTable,
  decode: (bytes: Uint8Array) => Result<T, DecodeFault>,
): Result<Map<string, T>, JournalFault> {
  const all = new Map<string, T>()
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = journal.list(table, after)
    if (!page.ok) return page
    after = page.value.at(-1)?.key
    for (const { key, value } of page.value) {
      const decoded = decode(value)
      if (!decoded.ok) return err(journalFault('damaged', `Row ${table}/${key}: ${decoded.error.kind}`))
      all.set(key, decoded.value)
    }
  }
  return ok(all)
}
