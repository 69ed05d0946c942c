/** What the watch over gaps asks of the books; part of the port in `store.ts`. */

import type { Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import type { CaseKind } from '../cases/case-kinds'

/**
 * Something of a device that is missing although what follows it is there: events of a log from one number on, or
 * receipts by their counter, which know no epoch (0).
 */
export interface DeviceGap {
  readonly device: string
  readonly what: 'events' | 'receipts'
  readonly epoch: number
  readonly missingFrom: number
  /** The first that is there again. */
  readonly knownTo: number
  /** The checkpoint that says that there are such events. */
  readonly proof: Bytes | undefined
}

export interface StandingGap extends DeviceGap {
  readonly seenAtS: number
}

/** The first hole in what is settled of a charger's receipts, and the session after it. */
export interface ReceiptGap {
  readonly device: string
  readonly missingFrom: number
  readonly knownTo: number
  readonly sessionId: SessionId
}

export interface GapStore {
  /** A gap that is known keeps the time at which it was seen first; one that begins elsewhere is a new one. */
  noteGaps(gaps: readonly DeviceGap[], nowS: EpochSeconds): Promise<void>
  /** Of these chargers, or of all. */
  receiptGaps(devices: readonly string[] | undefined, countMax: number): Promise<readonly ReceiptGap[]>
  /** Gaps that nobody has called filled, longest first. */
  standingGaps(countMax: number): Promise<readonly StandingGap[]>
  endGaps(gaps: readonly DeviceGap[], nowS: EpochSeconds): Promise<void>
  /** Ends cases of this kind about these chargers, because what they were about has gone. */
  resolveCases(kind: CaseKind, chargerIds: readonly string[], nowS: EpochSeconds): Promise<void>
}
