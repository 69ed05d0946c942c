/** What `memory-store.ts` keeps: one map for each table of the schema, all under one list of changes. */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash, SessionId } from '@/lib/core/ids'
import type { OwnerAccount } from '../ledger/accounts'
import { MemoryLedger } from '../ledger/memory-ledger'
import { Changes, UndoableMap } from '../ledger/undoable'
import type { Sighting } from './chain-check'
import type { EarlyPiece } from './early-pieces'
import type { Evidence } from './evidence'
import type { StandingGap } from './gap-store'
import type { KnownCard } from './mandate'
import type {
  HeldLog,
  InboxItem,
  ItemOutcome,
  NewCase,
  QuarantineSource,
  Rejected,
  SessionRecord,
} from './store'

interface InboxEntry extends InboxItem {
  readonly outcome: ItemOutcome | undefined
  readonly attempts: number
  readonly receivedAtS: number
}
interface Reserve {
  readonly owner: OwnerAccount
  readonly releaseAfterS: number
  readonly releasedAtS: number | null
  readonly coveredMinor: number
}
interface Revoked {
  readonly epoch: number
  readonly notAfterS: number
  /** Undefined for a card that we blocked ourselves because it was used up. */
  readonly revokedAtS: number | undefined
}
export interface KeptCase extends NewCase {
  readonly caseId: string
  readonly openedAtS: number
  /** What it was about has gone by itself. */
  readonly resolvedAtS?: number
}

export class MemoryTables {
  private readonly changes = new Changes()
  readonly inbox = this.table<string, InboxEntry>()
  /** Item ids that wait, in the order in which they came. */
  readonly waiting = this.table<string, true>()
  readonly logs = this.table<string, HeldLog>()
  readonly events = this.table<string, Bytes>()
  /** By `pieceKey`. */
  readonly early = this.table<string, EarlyPiece>()
  readonly evidence = this.table<SessionId, ReadonlyMap<string, Evidence>>()
  readonly sessions = this.table<SessionId, SessionRecord>()
  readonly sessionsOfSerial = this.table<GrantSerial, readonly SessionId[]>()
  readonly reserves = this.table<GrantSerial, Reserve>()
  /** As they were issued. */
  readonly grants = this.table<GrantSerial, Bytes>()
  readonly sightings = this.table<string, Sighting>()
  /** The last seq of grants that their holders have closed. */
  readonly closes = this.table<GrantSerial, number>()
  readonly certificates = this.table<string, readonly Bytes[]>()
  readonly revoked = this.table<GrantSerial, Revoked>()
  /** Of devices; a filled one is dropped. */
  readonly gaps = this.table<string, StandingGap>()
  readonly cards = this.table<MessageHash, KnownCard>()
  readonly cases = this.table<string, KeptCase>()
  readonly quarantine = this.table<string, Rejected & { source: QuarantineSource; receivedAtS: number }>()
  readonly ledger = new MemoryLedger(this.changes)

  commit(): void {
    this.changes.keep()
  }

  rollBack(): void {
    this.changes.takeBack()
  }

  /** Another table under the same list of changes, for whoever keeps more than reconciliation does. */
  table<K, V>(): UndoableMap<K, V> {
    return new UndoableMap<K, V>(this.changes)
  }
}
