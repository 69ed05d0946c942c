/**
 * The port to the phone's storage: named records, changed together or not at all. When `commit` resolves well, the
 * change survives a power cut. A revision that only ever grows guards against a second tab: whoever commits on top of
 * an old one is refused.
 */

import type { Result } from '@/lib/core/result'

export interface StoredRecord {
  readonly key: string
  /** Plain data that the structured clone algorithm can copy. */
  readonly value: unknown
}

export interface StoredRecords {
  /** 0 for a store that nothing was committed to. */
  readonly revision: number
  readonly records: readonly StoredRecord[]
}

export interface StoreChange {
  /** The revision that this change was made from; the store then has the next one. */
  readonly from: number
  readonly put: readonly StoredRecord[]
  readonly remove: readonly string[]
}

export type StoreFault =
  /** Somebody else committed meanwhile. Nothing was written. */
  | { readonly kind: 'conflict' }
  /** Full, locked, gone or of a newer version of the app. Nothing is known to be written. */
  | { readonly kind: 'failed'; readonly detail: string }

export interface WalletStore {
  load(): Promise<Result<StoredRecords, StoreFault>>
  commit(change: StoreChange): Promise<Result<void, StoreFault>>
}
