/**
 * The port between reconciliation and its books: everything that one transaction may read and write. PostgreSQL
 * stands behind it in a server (`postgres-store.ts`), memory in simulated worlds (`memory-store.ts`); one contract
 * suite holds both to the same behaviour. Whatever is locked stays locked, and whatever is written stays unseen by
 * others, until the transaction ends; when `work` throws, nothing of it was ever there.
 *
 * Locks in one order everywhere: inbox items, logs, sessions, reserves, accounts of owners, and at the very end the
 * operator's own accounts, which every session touches.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash, PublicKey, SessionId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Frontier } from '@/lib/log/frontier'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import type { SessionState } from '../api-types/account'
import type { TrustResponse } from '../api-types/devices'
import type { NewCase } from '../cases/file-evidence'
import type { LedgerAccount, OwnerAccount } from '../ledger/accounts'
import type { Balance } from '../ledger/queries'
import type { LedgerFault, Transfer, TransferOutcome } from '../ledger/transfer'
import type { ChainLink, Sighting } from './chain-check'
import type { EarlyStore } from './early-pieces'
import type { Evidence } from './evidence'
import type { GapStore } from './gap-store'
import type { KnownCards } from './mandate'
import type { Books, SessionDecisions } from './settle'

export interface ReconcileStore {
  /**
   * Durable when it resolves. `work` may run again when two transactions wait for each other, so it may do nothing but
   * use `tx`. When the commit itself fails, nobody knows whether it happened: whoever asks again finds out.
   */
  transaction<T>(work: (tx: ReconcileTransaction) => Promise<T>): Promise<T>
}

export interface ReconcileTransaction
  extends InboxStore, LogStore, EarlyStore, EvidenceStore, SessionStore, BooksStore, IssuanceView, GapStore {
  /** The same case again changes nothing. */
  openCases(cases: readonly NewCase[], nowS: EpochSeconds): Promise<void>
  /** Keeps what proved nothing, up to a bound for each source. */
  quarantine(source: QuarantineSource, pieces: readonly Rejected[], nowS: EpochSeconds): Promise<void>
}

/** What people must look at, with the signed bytes that made it necessary. */
export type { NewCase }

export type EvidenceSource = 'phone' | 'charger'
export type QuarantineSource = EvidenceSource | 'stranger'

export interface Rejected {
  /** `bundle`, `report`, `grant`, `authorization`, `answer`, `receipt` or `event`. */
  readonly what: string
  readonly code: string
  readonly bytes: Bytes
}

export type ItemKind = 'bundle' | 'report'
/** What became of an upload. */
export type ItemOutcome =
  | {
      readonly kind: 'bundle'
      readonly device: string
      readonly epoch: number
      /** Why the log did not take it, if it did not; the money in it is in the books all the same. */
      readonly refused?: Refusal
    }
  | {
      readonly kind: 'report'
      readonly serials: readonly string[]
      readonly sessionIds: readonly string[]
      readonly refused: readonly { readonly what: string; readonly code: string }[]
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export interface InboxItem {
  readonly itemId: string
  readonly kind: ItemKind
  readonly bytes: Bytes
}

/** The first of the items whose bytes together stay below the bound, and the first one however large. */
export function upToBytes<T extends { readonly bytes: Uint8Array }>(
  items: readonly T[],
  bytesMax: number,
): readonly T[] {
  let bytes = 0
  return items.filter((item, index) => {
    bytes += item.bytes.length
    return index === 0 || bytes <= bytesMax
  })
}

export interface FinishedItem {
  readonly itemId: string
  readonly outcome: ItemOutcome
}

interface InboxStore {
  /**
   * The same item again changes nothing, unless it was refused: then it waits anew, because what was missing may be
   * there now.
   */
  putItem(item: InboxItem, nowS: EpochSeconds): Promise<void>
  /** Undefined while it waits. */
  outcomeOf(itemId: string): Promise<ItemOutcome | undefined>
  /** Whether an item that is new may wait here: fewer than `waitingMax` do, or it is no new one. */
  hasRoomFor(itemId: string, waitingMax: number): Promise<boolean>
  /** Ids of waiting items, oldest first. */
  waitingItems(countMax: number): Promise<readonly string[]>
  /** Locks those of the items that wait and that nobody else works on. */
  claimItems(itemIds: readonly string[]): Promise<readonly InboxItem[]>
  /** Claims the oldest items that wait and that nobody works on: up to `countMax`, and up to about `bytesMax`. */
  claimOldest(countMax: number, bytesMax: number): Promise<readonly InboxItem[]>
  finishItems(finished: readonly FinishedItem[], nowS: EpochSeconds): Promise<void>
  /** Counts a failure of a waiting item; gives it with its count, or undefined when it does not wait any more. */
  countAttempt(itemId: string): Promise<(InboxItem & { readonly attempts: number }) | undefined>
}

export interface LogKey {
  readonly device: string
  readonly epoch: number
}
/** One event of an accepted log. */
export interface LoggedEvent extends LogKey {
  readonly seq: number
}
export const logName = ({ device, epoch }: LogKey): string => `${device} ${epoch}`

export interface HeldLog {
  readonly frontier: Frontier
  /** Hex. */
  readonly root: string
  /** When, by the device's clock, the newest accepted checkpoint was signed; 0 before the first. */
  readonly checkpointAtS: number
  /** Pieces beyond a gap that wait to be taken in. */
  readonly earlyCount: number
}
export interface LogExtension extends LogKey {
  readonly firstSeq: number
  readonly events: readonly Bytes[]
  /** After the events. */
  readonly frontier: Frontier
  readonly checkpoint: Bytes
  readonly checkpointAtS: EpochSeconds
}

interface LogStore {
  /**
   * What is held of these logs, by `logName`; an unknown one begins empty here, so that two uploads at once meet at
   * its lock.
   */
  lockLogs(keys: readonly LogKey[], nowS: EpochSeconds): Promise<ReadonlyMap<string, HeldLog>>
  heldLog(key: LogKey): Promise<HeldLog | undefined>
  /** Events from..from+count−1 as far as they are held, in order. */
  storedEvents(key: LogKey, from: number, count: number): Promise<readonly Bytes[]>
  extendLogs(extensions: readonly LogExtension[], nowS: EpochSeconds): Promise<void>
}

export interface SourcedPiece {
  readonly piece: Evidence
  readonly source: EvidenceSource
}

interface EvidenceStore {
  /** Keeps pieces that stand in no log; those that are here already change nothing. */
  keepEvidence(pieces: readonly SourcedPiece[], nowS: EpochSeconds): Promise<void>
  /** All that is known of these sessions: what was kept, and what their `logged` events say. */
  loadEvidence(ids: readonly SessionId[]): Promise<readonly Evidence[]>
}

/** What stands in the books about one session. Nulls until the driver's consent is known. */
export interface SessionRecord {
  readonly sessionId: SessionId
  readonly serial: GrantSerial | null
  readonly owner: OwnerAccount | null
  readonly seq: number | null
  readonly previousHash: string | null
  readonly grossMinor: number | null
  readonly holdMinor: number | null
  readonly currency: string | null
  readonly authorizedAtS: number | null
  readonly chargerId: string | null
  readonly siteLabel: string | null
  readonly bayLabel: string | null
  readonly state: 'orphan' | 'seen' | 'settled'
  readonly holdState: 'none' | 'open' | 'resolved'
  readonly postedMinor: number | null
  readonly postedTaxMinor: number
  readonly disputedMinor: number
  readonly disputeReference: string | null
  readonly decisions: SessionDecisions
  readonly energyWh: number | null
  readonly byPhone: boolean
  readonly byCharger: boolean
  /** Where chargers' logs speak of it. */
  readonly logged: readonly LoggedEvent[]
  /** Of the receipt that stands. */
  readonly receiptCounter: number | null
  /** Known while nobody has answered: when the charger must have answered, by its own clock. */
  readonly offerExpiresAtS: number | null
  /** Its evidence was deleted after its time, so that it cannot be judged anew: what is posted stands. */
  readonly isForgotten: boolean
}

export interface SessionStanding {
  readonly sessionId: string
  readonly state: SessionState
  readonly totalMinor: number | null
}

interface SessionStore {
  /** Locks those of these sessions that are known. */
  lockSessions(ids: readonly SessionId[]): Promise<ReadonlyMap<SessionId, SessionRecord>>
  /** A session that somebody else began meanwhile makes the whole transaction start anew. */
  addSessions(records: readonly SessionRecord[], nowS: EpochSeconds): Promise<void>
  changeSessions(records: readonly SessionRecord[], nowS: EpochSeconds): Promise<void>
  /** Sessions with consent, as their owner is told of them, by id. */
  sessionStandings(ids: readonly string[]): Promise<readonly SessionStanding[]>
  /** Every authorization that is known under these grants, by session id. */
  chainLinks(serials: readonly GrantSerial[]): Promise<readonly ChainLink[]>
  /** Some of the sessions that this grant or card pays for, by id. */
  sessionsUnder(serial: GrantSerial, countMax: number): Promise<readonly SessionId[]>
  keepSightings(sightings: readonly Sighting[], nowS: EpochSeconds): Promise<void>
  /** Where chargers met these grants, by serial, seq and hash. */
  sightingsOf(serials: readonly GrantSerial[]): Promise<readonly Sighting[]>
  /**
   * Locks open holds of sessions of these chargers that nobody answered although the charger's newest accepted log has
   * passed the end of their offer by the margin.
   */
  lockLapsedHolds(chargerIds: readonly string[], marginS: number): Promise<readonly OpenHold[]>
  endHolds(ids: readonly SessionId[]): Promise<void>
  /** How far a charger's receipts are settled without a gap, and which of its grants stand in a case. */
  settledReceipts(chargerId: string, serialsMax: number): Promise<SettledReceipts>
}

export interface SettledReceipts {
  readonly counter: number
  readonly heldSerials: readonly GrantSerial[]
}

export interface OpenHold {
  readonly sessionId: SessionId
  readonly serial: GrantSerial
  readonly holdMinor: number
  readonly currency: string
}
export interface DueReserve {
  readonly serial: GrantSerial
  readonly owner: OwnerAccount
}

interface BooksStore {
  /** Reserves of these grants and the accounts of their owners, locked, with what they hold. */
  lockBooks(serials: readonly GrantSerial[]): Promise<Books>
  /** Writes what balances and receivables have paid into the reserves. */
  writeCovered(books: Books): Promise<void>
  /** Applies as a whole; a refused batch has written nothing. */
  post(batch: readonly Transfer[]): Promise<Result<readonly TransferOutcome[], LedgerFault>>
  /** In the operator's currency. */
  lockBalances(accounts: readonly LedgerAccount[]): Promise<ReadonlyMap<LedgerAccount, Balance>>
  /** Reserves whose time is over, with the holds that are still open under them; all locked. */
  lockDueReserves(
    nowS: EpochSeconds,
    countMax: number,
  ): Promise<{ readonly reserves: readonly DueReserve[]; readonly holds: readonly OpenHold[] }>
  endReserves(serials: readonly GrantSerial[], nowS: EpochSeconds): Promise<void>
}

interface IssuanceView {
  trust(): Promise<{ readonly root: PublicKey; readonly list: TrustList }>
  /** What phones and chargers are told, signed just now. */
  news(): Promise<TrustResponse>
  /** Each charger's certificates, newest first; absent for one that was never enrolled here. */
  certificatesOf(chargerIds: readonly string[]): Promise<ReadonlyMap<string, readonly Bytes[]>>
  /** Those of these grants that the books know, as they were issued. */
  knownGrants(serials: readonly GrantSerial[]): Promise<ReadonlyMap<GrantSerial, Bytes>>
  /** Those of these cards that the books know. */
  knownCards(hashes: readonly MessageHash[]): Promise<KnownCards>
  /** Puts a grant on the list that phones and chargers carry around. Safe to repeat. */
  revokeGrant(serial: GrantSerial, notAfterS: number, reason: string): Promise<void>
}
