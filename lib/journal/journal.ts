/**
 * The journal as everybody else sees it: a device's append-only log and, beside it, the small tables that are derived
 * from it (current state, per-grant sums), written in the same transaction so that one can never be ahead of the
 * other. Every call is synchronous: when `append` returns, the events are on the disk.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { DeviceId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { Frontier } from '@/lib/log/frontier'
import type { Hash } from '@/lib/log/hash'
import type { NodeReader } from '@/lib/log/nodes'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { Acknowledgement } from '@/lib/protocol/messages/acknowledgement'

/** `kind` is a local label for people who look into the file; only `payload` is hashed and sent. */
export interface NewEvent {
  readonly kind: string
  readonly payload: Uint8Array
}

export interface StoredEvent {
  readonly seq: number
  readonly kind: string
  readonly payload: Bytes
}

/** Sets a row of a derived table, or deletes it with `value: null`. */
export interface ProjectionWrite<Table extends string = string> {
  readonly table: Table
  readonly key: string
  readonly value: Uint8Array | null
}

export interface ProjectionRow {
  readonly key: string
  readonly value: Bytes
}

export interface Appended {
  readonly firstSeq: number
  readonly size: number
  readonly root: Hash
}

/**
 * Why the journal cannot do what it was asked:
 * - `wrong-key`: the file was written under another encryption key;
 * - `damaged`: the file or a row does not hold what was written;
 * - `other-device`, `version`: the file belongs to another device or a newer program;
 * - `superseded`: another process has opened the same file since; this one must stop writing;
 * - `too-large`: an event, key or row over its cap;
 * - `purged`: these events were acknowledged long ago and are gone;
 * - `full`: no room left; `unavailable`: any other failure of the disk.
 */
export type JournalFaultCause =
  | 'wrong-key'
  | 'damaged'
  | 'other-device'
  | 'version'
  | 'superseded'
  | 'too-large'
  | 'purged'
  | 'full'
  | 'unavailable'

export interface JournalFault extends Refusal {
  readonly code: 'charger.storage'
  readonly cause: JournalFaultCause
  /** For the technician's log; never shown to a driver. */
  readonly detail: string
}

export const journalFault = (cause: JournalFaultCause, detail: string): JournalFault => ({
  code: 'charger.storage',
  facts: { cause },
  cause,
  detail,
})

/**
 * What an acknowledgement changed: `advanced` the acknowledged size; `known` already; of `another-epoch`, so nothing
 * to do; or it proved that this disk was restored from a backup, so that a new epoch was started and the
 * unacknowledged events were carried over.
 */
export type AcknowledgementOutcome =
  | { readonly kind: 'advanced'; readonly acknowledgedSize: number }
  | { readonly kind: 'known' }
  | { readonly kind: 'another-epoch' }
  | { readonly kind: 'epoch-started'; readonly epoch: number; readonly carriedOver: number }

export interface Journal<Table extends string = string> {
  readonly device: DeviceId
  /** Grows by one whenever the disk turned out to be older than what the issuer has acknowledged. */
  readonly epoch: number
  /** 16 random bytes as hex, fresh at every opening: logged, it makes clones of a disk diverge at once. */
  readonly bootMarker: string
  readonly size: number
  readonly root: Hash
  readonly acknowledgedSize: number
  /** Events below are gone; the subtree hashes that cover them are kept. Never above `acknowledgedSize`. */
  readonly purgedSize: number

  /** All or nothing, durable on return. No events and only projections is allowed. */
  append(
    events: readonly NewEvent[],
    projections?: readonly ProjectionWrite<Table>[],
  ): Result<Appended, JournalFault>

  /** Events from..to−1 of the current epoch (`purged` where the first of them is gone), at most `limits.bundleEventsMax`; each checked against its leaf. */
  read(from: number, to: number): Result<readonly StoredEvent[], JournalFault>

  /** The frontier that the log had at an earlier size. */
  frontierAt(size: number): Result<Frontier, JournalFault>

  /** Stored subtree hashes of the current epoch, for proofs. */
  readonly readNode: NodeReader

  get(table: Table, key: string): Result<Bytes | undefined, JournalFault>

  /** Rows in key order, at most `limits.projectionPageMax`; page with `after` = last key seen. */
  list(table: Table, after?: string): Result<readonly ProjectionRow[], JournalFault>

  /** The only way to advance the acknowledged size. */
  acknowledge(message: VerifiedMessage<Acknowledgement>): Result<AcknowledgementOutcome, JournalFault>

  /**
   * Forgets the events before `size`, as far as they are acknowledged; the root, the frontier of every size from there
   * on and every proof about what is left stay as they were. Returns the new `purgedSize`.
   */
  purge(size: number): Result<number, JournalFault>

  close(): void
}
