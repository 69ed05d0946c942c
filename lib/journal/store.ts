/**
 * What the journal needs from a disk. A store writes one batch whole or not at all and returns only when it would
 * survive a power cut; it knows nothing of hashing or epochs.
 */

import type { DeviceId } from '@/lib/core/ids'
import type { Result } from '@/lib/core/result'
import type { Hash } from '@/lib/log/hash'
import type { TreeNode } from '@/lib/log/nodes'
import type { JournalFault, ProjectionRow, ProjectionWrite, StoredEvent } from './journal'

/** Where the log of the newest epoch stands. */
export interface LogHead {
  readonly epoch: number
  readonly size: number
  readonly acknowledgedSize: number
  /** Events below are gone from the store; of their nodes only the frontier of this size is left. */
  readonly purgedSize: number
  /** Root of these `size` events, so that a damaged subtree hash is noticed at opening. */
  readonly root: Hash
  /** Counts commits, so that a commit whose answer was lost can be told from one that never happened. */
  readonly revision: number
}

export interface StoreBatch {
  /** The head after this batch. An epoch that the store has not seen becomes the newest one. */
  readonly head: LogHead
  /** Events and nodes of the head's epoch. */
  readonly events: readonly StoredEvent[]
  readonly nodes: readonly TreeNode[]
  readonly projections: readonly ProjectionWrite[]
  /** Delete this epoch's events below, and the nodes that only they need. */
  readonly purgeBelow?: number
}

/**
 * Of each level, the first position that is still needed when the events below `size` are gone: what covers later
 * events, and the frontier of `size` itself, from which every proof about the rest is made.
 */
export const firstKeptPosition = (size: number, level: number): number => {
  const complete = Math.floor(size / 2 ** level)
  return complete - (complete % 2)
}

export interface JournalStore {
  /** Device and head of an existing log; undefined in a new store. */
  load(): Result<{ readonly device: DeviceId; readonly head: LogHead } | undefined, JournalFault>

  /** Marks this process as the only writer. A process that claimed earlier gets `superseded` from then on. */
  claim(device: DeviceId, head: LogHead, bootMarker: string): Result<void, JournalFault>

  commit(batch: StoreBatch): Result<void, JournalFault>

  readEvents(epoch: number, from: number, to: number): Result<readonly StoredEvent[], JournalFault>
  /** Undefined also where the row cannot be read. */
  readNode(epoch: number, level: number, index: number): Hash | undefined
  /** Of the events from `from` up to `to`, in one go: a start reads all of them. Undefined where one is missing. */
  readLeaves(epoch: number, from: number, to: number): readonly (Hash | undefined)[]

  readProjection(table: string, key: string): Result<ProjectionRow | undefined, JournalFault>
  listProjection(
    table: string,
    after: string,
    countMax: number,
  ): Result<readonly ProjectionRow[], JournalFault>

  close(): void
}

/** How far the log had come, kept apart from the store, so that a store put back from a backup is noticed. */
export interface Anchor {
  readonly device: DeviceId
  readonly epoch: number
  readonly acknowledgedSize: number
}

/** A place where a journal lives: the store and its anchor. */
export interface JournalMedium {
  open(): Result<JournalStore, JournalFault>
  readAnchor(): Result<Anchor | undefined, JournalFault>
  writeAnchor(anchor: Anchor): Result<void, JournalFault>
}
