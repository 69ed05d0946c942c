/**
 * The rules of the journal over any store: seq without gaps, leaf hashes and subtree nodes in the same transaction as
 * the events, payloads checked against their leaves when they are read, and a new epoch where the disk proves older
 * than what the issuer has acknowledged.
 */

import { assert } from '@/lib/core/assert'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import type { DeviceId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { appendLeaves, emptyFrontier, frontierAt, rootOf, type Frontier } from '@/lib/log/frontier'
import { emptyRoot, equalHashes, leafHash, type Hash } from '@/lib/log/hash'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import {
  journalFault,
  type AcknowledgementOutcome,
  type Appended,
  type Journal,
  type JournalFault,
  type NewEvent,
  type ProjectionRow,
  type ProjectionWrite,
  type StoredEvent,
} from './journal'
import type { Anchor, JournalMedium, JournalStore, LogHead } from './store'

/** Epochs start at 1, so that 0 can never be mistaken for "not set". */
const firstEpoch = 1

export interface JournalIdentity {
  readonly device: DeviceId
  readonly random: Random
}

/** Opens, checks and claims the log in `medium`; starts a new epoch when the anchor has seen more than the store. */
export function openLog<Table extends string = string>(
  medium: JournalMedium,
  { device, random }: JournalIdentity,
): Result<Journal<Table>, JournalFault> {
  const anchor = medium.readAnchor()
  if (!anchor.ok) return anchor
  const opened = medium.open()
  if (!opened.ok) return opened
  const store = opened.value
  const journal = claimLog<Table>(medium, store, anchor.value, device, toHex(random.bytes(16)))
  if (!journal.ok) store.close()
  return journal
}

function claimLog<Table extends string>(
  medium: JournalMedium,
  store: JournalStore,
  anchor: Anchor | undefined,
  device: DeviceId,
  bootMarker: string,
): Result<Journal<Table>, JournalFault> {
  const loaded = store.load()
  if (!loaded.ok) return loaded
  const owner = loaded.value?.device ?? anchor?.device ?? device
  if (owner !== device) return err(journalFault('other-device', `The journal belongs to ${owner}`))
  // A store that vanished while its anchor stayed must not write a second log under the same epoch number.
  const head = loaded.value?.head ?? emptyHead(anchor === undefined ? firstEpoch : anchor.epoch + 1, 0)
  const claimed = store.claim(device, head, bootMarker)
  if (!claimed.ok) return claimed
  const frontier = readFrontier(store, head.epoch, head.size)
  if (!frontier.ok) return frontier
  if (!equalHashes(rootOf(frontier.value), head.root))
    return err(journalFault('damaged', `The tree of ${head.size} events does not have its root`))
  const journal = new LogJournal<Table>(medium, store, device, bootMarker, head, frontier.value)
  const checked = journal.checkUnacknowledged()
  if (!checked.ok) return checked
  const isRolledBack =
    anchor !== undefined &&
    (anchor.epoch > head.epoch || (anchor.epoch === head.epoch && anchor.acknowledgedSize > head.size))
  if (isRolledBack) {
    const started = journal.startEpoch(anchor.epoch + 1)
    if (!started.ok) return started
  }
  const anchored = journal.writeAnchor()
  return anchored.ok ? ok(journal) : anchored
}

class LogJournal<Table extends string> implements Journal<Table> {
  readonly device: DeviceId
  readonly bootMarker: string
  readonly #medium: JournalMedium
  readonly #store: JournalStore
  #head: LogHead
  #frontier: Frontier
  /** Set when nobody can say what the disk holds; only opening the journal again helps. */
  #lost: JournalFault | undefined

  constructor(
    medium: JournalMedium,
    store: JournalStore,
    device: DeviceId,
    bootMarker: string,
    head: LogHead,
    frontier: Frontier,
  ) {
    this.#medium = medium
    this.#store = store
    this.device = device
    this.bootMarker = bootMarker
    this.#head = head
    this.#frontier = frontier
  }

  get epoch(): number {
    return this.#head.epoch
  }

  get size(): number {
    return this.#head.size
  }

  get root(): Hash {
    return rootOf(this.#frontier)
  }

  get acknowledgedSize(): number {
    return this.#head.acknowledgedSize
  }

  get purgedSize(): number {
    return this.#head.purgedSize
  }

  readonly readNode = (level: number, index: number): Hash | undefined =>
    this.#store.readNode(this.#head.epoch, level, index)

  append(
    events: readonly NewEvent[],
    projections: readonly ProjectionWrite<Table>[] = [],
  ): Result<Appended, JournalFault> {
    for (const { key } of projections)
      assert(/^[!-~]+$/.test(key), `projection key ${JSON.stringify(key)} is ASCII`)
    const oversized = overCap(events, projections)
    if (oversized !== undefined) return err(journalFault('too-large', oversized))
    const firstSeq = this.#head.size
    const written = this.#write(this.#head, this.#frontier, events, projections)
    return written.ok ? ok({ firstSeq, size: this.#head.size, root: this.root }) : written
  }

  read(from: number, to: number): Result<readonly StoredEvent[], JournalFault> {
    assert(from >= 0 && from <= to && to <= this.#head.size, `range ${from}..${to} is in the log`)
    if (from < this.#head.purgedSize && from < to)
      return err(journalFault('purged', `Events before ${this.#head.purgedSize} are gone`))
    const events = this.#store.readEvents(this.#head.epoch, from, Math.min(to, from + limits.bundleEventsMax))
    if (!events.ok) return events
    const leaves = this.#store.readLeaves(this.#head.epoch, from, from + events.value.length)
    for (const event of events.value) {
      const leaf = leaves[event.seq - from]
      if (leaf === undefined || !equalHashes(leaf, leafHash(event.payload)))
        return err(journalFault('damaged', `Event ${event.seq} does not match its leaf`))
    }
    return events
  }

  frontierAt(size: number): Result<Frontier, JournalFault> {
    assert(size <= this.#head.size, `size ${size} is in the log`)
    if (size > 0 && size < this.#head.purgedSize)
      return err(journalFault('purged', `The tree before ${this.#head.purgedSize} is gone`))
    return readFrontier(this.#store, this.#head.epoch, size)
  }

  get(table: Table, key: string): Result<Bytes | undefined, JournalFault> {
    const row = this.#store.readProjection(table, key)
    return row.ok ? ok(row.value?.value) : row
  }

  list(table: Table, after = ''): Result<readonly ProjectionRow[], JournalFault> {
    return this.#store.listProjection(table, after, limits.projectionPageMax)
  }

  acknowledge(message: VerifiedMessage<Acknowledgement>): Result<AcknowledgementOutcome, JournalFault> {
    const { device, epoch, size, root } = message.payload
    if (device !== this.device || epoch < this.#head.epoch) return ok({ kind: 'another-epoch' })
    if (epoch > this.#head.epoch || size > this.#head.size) return this.#abandonEpoch(epoch)
    // Its tree is gone because the issuer acknowledged more; a late one that says less is no news.
    if (size < this.#head.purgedSize) return ok({ kind: 'known' })
    const frontier = this.frontierAt(size)
    if (!frontier.ok) return frontier
    if (toHex(rootOf(frontier.value)) !== root) return this.#abandonEpoch(epoch)
    if (size <= this.#head.acknowledgedSize) return ok({ kind: 'known' })
    const written = this.#write({ ...this.#head, acknowledgedSize: size }, this.#frontier, [], [])
    if (!written.ok) return written
    const anchored = this.writeAnchor()
    return anchored.ok ? ok({ kind: 'advanced', acknowledgedSize: size }) : anchored
  }

  purge(size: number): Result<number, JournalFault> {
    const below = Math.min(size, this.#head.acknowledgedSize)
    if (below <= this.#head.purgedSize) return ok(this.#head.purgedSize)
    const head = { ...this.#head, purgedSize: below }
    const written = this.#write(head, this.#frontier, [], [], below)
    return written.ok ? ok(below) : written
  }

  close(): void {
    this.#store.close()
  }

  /** The events that only this disk holds must be whole before anybody relies on them or adds to them. */
  checkUnacknowledged(): Result<void, JournalFault> {
    for (let from = this.#head.acknowledgedSize; from < this.#head.size; from += limits.bundleEventsMax) {
      const events = this.read(from, this.#head.size)
      if (!events.ok) return events
    }
    return ok(undefined)
  }

  /** Starts an empty log under a new epoch and appends to it what nobody else is known to have. */
  startEpoch(epoch: number): Result<number, JournalFault> {
    const events: StoredEvent[] = []
    while (this.#head.acknowledgedSize + events.length < this.#head.size) {
      const chunk = this.read(this.#head.acknowledgedSize + events.length, this.#head.size)
      if (!chunk.ok) return chunk
      events.push(...chunk.value)
    }
    const written = this.#write(emptyHead(epoch, this.#head.revision), emptyFrontier, events, [])
    return written.ok ? ok(events.length) : written
  }

  writeAnchor(): Result<void, JournalFault> {
    const { epoch, acknowledgedSize } = this.#head
    return this.#medium.writeAnchor({ device: this.device, epoch, acknowledgedSize })
  }

  #abandonEpoch(known: number): Result<AcknowledgementOutcome, JournalFault> {
    const started = this.startEpoch(known + 1)
    if (!started.ok) return started
    const anchored = this.writeAnchor()
    if (!anchored.ok) return anchored
    return ok({ kind: 'epoch-started', epoch: this.#head.epoch, carriedOver: started.value })
  }

  /** Writes `events` behind `frontier` and moves to the head that results, or stays where the disk is. */
  #write(
    base: LogHead,
    frontier: Frontier,
    events: readonly NewEvent[],
    projections: readonly ProjectionWrite[],
    purgeBelow?: number,
  ): Result<void, JournalFault> {
    if (this.#lost !== undefined) return err(this.#lost)
    const leaves = events.map(({ payload }) => leafHash(payload))
    const { frontier: next, nodes } = appendLeaves(frontier, leaves)
    const head = { ...base, size: next.size, root: rootOf(next), revision: base.revision + 1 }
    const stored = events.map(({ kind, payload }, index) => ({
      seq: frontier.size + index,
      kind,
      payload: toBytes(payload),
    }))
    const purge = purgeBelow === undefined ? {} : { purgeBelow }
    const committed = this.#store.commit({ head, events: stored, nodes, projections, ...purge })
    if (!committed.ok && !this.#isOnDisk(head, committed.error)) return committed
    this.#head = head
    this.#frontier = next
    return ok(undefined)
  }

  /** After a failed commit: whether it happened all the same. A disk that cannot say ends this journal's life. */
  #isOnDisk(head: LogHead, fault: JournalFault): boolean {
    const loaded = this.#store.load()
    const revision = loaded.ok ? loaded.value?.head.revision : undefined
    if (fault.cause !== 'superseded' && revision === head.revision) return true
    if (fault.cause === 'superseded' || revision !== this.#head.revision) this.#lost = fault
    return false
  }
}

const emptyHead = (epoch: number, revision: number): LogHead => ({
  epoch,
  size: 0,
  acknowledgedSize: 0,
  purgedSize: 0,
  root: emptyRoot,
  revision,
})

function readFrontier(store: JournalStore, epoch: number, size: number): Result<Frontier, JournalFault> {
  const frontier = frontierAt((level, index) => store.readNode(epoch, level, index), size)
  return frontier === undefined
    ? err(journalFault('damaged', `The tree of ${size} events misses a node`))
    : ok(frontier)
}

function overCap(events: readonly NewEvent[], projections: readonly ProjectionWrite[]): string | undefined {
  if (events.length > limits.bundleEventsMax) return `${events.length} events at once`
  const event = events.find(({ payload }) => payload.length > limits.eventBytesMax)
  if (event !== undefined) return `An event ${event.kind} of ${event.payload.length} bytes`
  const row = projections.find(
    ({ key, value }) =>
      key.length > limits.projectionKeyCharsMax || (value?.length ?? 0) > limits.projectionRowBytesMax,
  )
  return row === undefined
    ? undefined
    : `Row ${row.table}/${row.key.slice(0, 40)} of ${row.value?.length ?? 0} bytes`
}
