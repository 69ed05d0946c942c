/**
 * The journal's twin in memory, with the same contract. A `MemoryDisk` outlives the journals that are opened on it,
 * as a disk outlives processes: drop the journal and open another to play a power cut. It can be copied and put back
 * (a restored backup), can be full, and can fail in the way that leaves a commit in doubt.
 */

import { toBytes } from '@/lib/core/bytes'
import type { DeviceId } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import type { Hash } from '@/lib/log/hash'
import {
  journalFault,
  type Journal,
  type JournalFault,
  type ProjectionRow,
  type StoredEvent,
} from './journal'
import { openLog, type JournalIdentity } from './log-journal'
import {
  firstKeptPosition,
  type Anchor,
  type JournalMedium,
  type JournalStore,
  type LogHead,
  type StoreBatch,
} from './store'

/** Opens the journal that `disk` holds, or a new one. */
export const openMemoryJournal = <Table extends string = string>(
  disk: MemoryDisk,
  identity: JournalIdentity,
): Result<Journal<Table>, JournalFault> => openLog<Table>(disk, identity)

interface Contents {
  device: DeviceId
  writer: string
  head: LogHead
  readonly events: Map<string, StoredEvent>
  readonly nodes: Map<string, Hash>
  readonly projections: Map<string, ProjectionRow>
}

const copyOf = (contents: Contents): Contents => ({
  ...contents,
  events: new Map(contents.events),
  nodes: new Map(contents.nodes),
  projections: new Map(contents.projections),
})

/** How the next commits go wrong: nothing is written, or everything is and the answer is lost, or nobody can say. */
export type MemoryDiskFault = 'full' | 'answer-lost' | 'unreadable'

export class MemoryDisk implements JournalMedium {
  contents: Contents | undefined
  #anchor: Anchor | undefined
  /** Applies to every commit until it is cleared. */
  fault: MemoryDiskFault | undefined

  /** What a backup of the database would hold; the anchor is not part of it. */
  backUp(): Contents | undefined {
    return this.contents === undefined ? undefined : copyOf(this.contents)
  }

  restore(backup: Contents | undefined): void {
    this.contents = backup === undefined ? undefined : copyOf(backup)
  }

  open(): Result<JournalStore, JournalFault> {
    return ok(new MemoryStore(this))
  }

  readAnchor(): Result<Anchor | undefined, JournalFault> {
    return ok(this.#anchor)
  }

  writeAnchor(anchor: Anchor): Result<void, JournalFault> {
    this.#anchor = anchor
    return ok(undefined)
  }
}

class MemoryStore implements JournalStore {
  readonly #disk: MemoryDisk
  #writer = ''

  constructor(disk: MemoryDisk) {
    this.#disk = disk
  }

  load(): Result<{ device: DeviceId; head: LogHead } | undefined, JournalFault> {
    if (this.#disk.fault === 'unreadable') return err(journalFault('unavailable', 'The disk does not answer'))
    const contents = this.#disk.contents
    return ok(contents === undefined ? undefined : { device: contents.device, head: contents.head })
  }

  claim(device: DeviceId, head: LogHead, bootMarker: string): Result<void, JournalFault> {
    this.#writer = bootMarker
    this.#disk.contents ??= {
      device,
      head,
      writer: bootMarker,
      events: new Map(),
      nodes: new Map(),
      projections: new Map(),
    }
    this.#disk.contents.writer = bootMarker
    return ok(undefined)
  }

  commit({ head, events, nodes, projections, purgeBelow }: StoreBatch): Result<void, JournalFault> {
    const contents = this.#disk.contents
    if (contents?.writer !== this.#writer)
      return err(journalFault('superseded', 'Another process writes this journal'))
    if (this.#disk.fault === 'full') return err(journalFault('full', 'No room left'))
    contents.head = head
    for (const event of events) contents.events.set(`${head.epoch}/${event.seq}`, event)
    for (const { level, index, hash } of nodes) contents.nodes.set(`${head.epoch}/${level}/${index}`, hash)
    if (purgeBelow !== undefined) purge(contents, head.epoch, purgeBelow)
    for (const { table, key, value } of projections) {
      const address = projectionAddress(table, key)
      if (value === null) contents.projections.delete(address)
      else contents.projections.set(address, { key, value: toBytes(value) })
    }
    return this.#disk.fault === undefined
      ? ok(undefined)
      : err(journalFault('unavailable', 'The answer to a commit was lost'))
  }

  readEvents(epoch: number, from: number, to: number): Result<readonly StoredEvent[], JournalFault> {
    const events: StoredEvent[] = []
    for (let seq = from; seq < to; seq += 1) {
      const event = this.#disk.contents?.events.get(`${epoch}/${seq}`)
      if (event === undefined) return err(journalFault('damaged', `Event ${seq} is missing`))
      events.push(event)
    }
    return ok(events)
  }

  readNode(epoch: number, level: number, index: number): Hash | undefined {
    return this.#disk.contents?.nodes.get(`${epoch}/${level}/${index}`)
  }

  readLeaves(epoch: number, from: number, to: number): readonly (Hash | undefined)[] {
    return Array.from({ length: to - from }, (_, index) => this.readNode(epoch, 0, from + index))
  }

  readProjection(table: string, key: string): Result<ProjectionRow | undefined, JournalFault> {
    return ok(this.#disk.contents?.projections.get(projectionAddress(table, key)))
  }

  listProjection(
    table: string,
    after: string,
    countMax: number,
  ): Result<readonly ProjectionRow[], JournalFault> {
    const prefix = projectionAddress(table, '')
    const rows = [...(this.#disk.contents?.projections ?? [])]
      .filter(([address, { key }]) => address.startsWith(prefix) && key > after)
      .map(([, row]) => row)
      .sort((left, right) => (left.key < right.key ? -1 : 1))
    return ok(rows.slice(0, countMax))
  }

  close(): void {
    this.#writer = ''
  }
}

function purge({ events, nodes }: Contents, epoch: number, below: number): void {
  for (const [address, { seq }] of events) {
    if (address.startsWith(`${epoch}/`) && seq < below) events.delete(address)
  }
  for (const address of nodes.keys()) {
    const [nodeEpoch, level, index] = address.split('/').map(Number)
    const isNeedless = (index ?? 0) < firstKeptPosition(below, level ?? 0)
    if (nodeEpoch === epoch && isNeedless) nodes.delete(address)
  }
}

const projectionAddress = (table: string, key: string): string => `${table}\u0000${key}`
