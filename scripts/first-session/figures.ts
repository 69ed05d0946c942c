/** What the first session shows: everything that somebody who doubts it would ask for. */

import type { Refusal } from '@/lib/core/reason'

export interface CodeFigures {
  readonly name: string
  /** What the code carries: the message and its attachments. */
  readonly bytes: number
  readonly qrVersion: number
}

export interface SessionFigures {
  readonly codes: readonly CodeFigures[]
  readonly grantBytes: number
  readonly currency: string
  readonly heldMinor: number
  readonly energyWh: number
  readonly durationS: number
  /** Of the receipt, as the phone computed it again from the registers and the offered price. */
  readonly totalMinor: number
  readonly releasedMinor: number
  /** What the charger said to a copy of the authorization with one bit changed. */
  readonly tamperedRefusal: Refusal
  /** What the ledger took, after the phone's report and again after the charger's log. */
  readonly settledByPhoneMinor: number
  readonly settledByBothMinor: number
  readonly imbalanceMinor: number
  readonly transfers: number
  readonly elapsedMs: number
}
