/**
 * What the controller and its touchscreen say to each other over the local WebSocket (`/screen`), as JSON.
 * The controller sends whole states (small, a few times a second at most); the screen sends what people do.
 * The screen keeps no truth of its own: after a reload it shows the next state that it is sent.
 *
 * The controller sends its state at once to a new connection, after every change, and at least every
 * `screenStateEveryMs`. A screen that hears nothing for `screenSilenceMs` says that it lost the controller.
 */

import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { NewsKind } from '@/lib/protocol/news-item'
import type { TechnicianAct, TechnicianState } from './screen-protocol-technician'

export const screenStateEveryMs = 2_000
export const screenSilenceMs = 7_000

/** Prices in 10⁻⁴ of the currency's major unit, tax included; see `lib/protocol/messages/compact-tariff.ts`. */
export interface ScreenTariff {
  readonly currency: string
  readonly exponent: number
  readonly energyPerKwh: number
  readonly timePerMinute: number
  readonly perSession: number
  readonly idlePerMinute: number
  readonly idleGraceMinutes: number
  readonly taxBasisPoints: number
  /** The one change of price that was announced; the session's own while one runs. */
  readonly change?: ScreenTariffChange
}

export interface ScreenTariffChange {
  readonly atS: number
  readonly energyPerKwh: number
  readonly timePerMinute: number
  readonly idlePerMinute: number
}

export interface ScreenRefusal extends Refusal {
  /** The signed decline for the phone to scan, or null where nothing could be pinned. */
  readonly answerCode: string | null
  readonly atS: number
}

export interface BillLines {
  readonly energyMinor: number
  readonly timeMinor: number
  readonly sessionMinor: number
  readonly idleMinor: number
}

/** Which of these a connector is in decides the whole screen. Money in minor units, energy in Wh, power in W. */
export type ConnectorPhase =
  | { readonly kind: 'unavailable'; readonly reason: ReasonCode }
  /** `isCardWaiting`: a card was let in at the charger's reader, and only the vehicle is missing. */
  | { readonly kind: 'available'; readonly isCardWaiting?: true }
  | {
      readonly kind: 'offering'
      readonly offerCode: string
      readonly words: readonly [string, string]
      readonly expiresAtS: number
      readonly maximumHoldMinor: number
      /** The last refusal for this offer, until it is replaced or 20 s have passed. */
      readonly refusal: ScreenRefusal | null
    }
  | {
      readonly kind: 'starting'
      readonly sessionId: string
      readonly heldMinor: number
      readonly stopCode: string
      /** Null where a card at the charger's reader opened it: no phone has a question. */
      readonly answerCode: string | null
    }
  | {
      readonly kind: 'charging'
      readonly sessionId: string
      readonly heldMinor: number
      readonly energyWh: number
      readonly powerW: number
      readonly costMinor: number
      readonly elapsedS: number
      /** Shown for a minute after the start, then null. */
      readonly stopCode: string | null
      /** The signed accept, as long as the stop code is shown: a phone may have been too slow for `starting`. */
      readonly answerCode: string | null
      /** Guesses left; at 0 only unplugging, a full battery or the hold ends the session. */
      readonly stopTriesLeft: number
      readonly statusCode: string
      /** The card that opened it at the charger's reader ends it there. */
      readonly isByCard?: true
    }
  | {
      readonly kind: 'stopping'
      readonly sessionId: string
      readonly heldMinor: number
      readonly energyWh: number
      readonly costMinor: number
    }
  | {
      readonly kind: 'finished'
      readonly sessionId: string
      readonly receiptCode: string
      readonly heldMinor: number
      readonly totalMinor: number
      readonly releasedMinor: number
      readonly taxMinor: number
      readonly energyWh: number
      readonly lines: BillLines
      readonly startS: number
      readonly durationS: number
      /** The announced change of price came before the end. */
      readonly hasPriceChanged: boolean
      readonly stopReason:
        | 'stop-code'
        | 'phone'
        | 'unplugged'
        | 'hold-reached'
        | 'vehicle'
        | 'limit'
        | 'fault'
        | 'power-cut'
        | 'card'
    }

export interface ScreenConnector {
  readonly connectorId: number
  readonly bayLabel: string
  readonly tariff: ScreenTariff | null
  readonly phase: ConnectorPhase
}

export interface ScreenState {
  readonly chargerId: string
  readonly siteLabel: string
  readonly supportPhone: string
  readonly uplink: 'online' | 'offline'
  readonly nowS: number
  /** Origins of pages that may embed this screen and stand in for its camera; empty outside of a demo. */
  readonly demoPageOrigins: readonly string[]
  readonly connectors: readonly ScreenConnector[]
  /** Absent before the charger is enrolled. */
  readonly technician?: TechnicianState
}

/** As in `controller/news-desk.ts`. `gap`: genuine, but it builds on what has not arrived yet. */
export interface NewsTold {
  readonly kind: NewsKind
  readonly outcome: 'new' | 'known' | 'gap' | 'refused'
}

export type ToScreen =
  | { readonly type: 'state'; readonly state: ScreenState }
  | { readonly type: 'feedback'; readonly outcome: 'accepted' | 'finished' }
  | { readonly type: 'feedback'; readonly outcome: 'refused'; readonly refusal: Refusal }
  /** A phone brought news of the issuer: what came of each piece. */
  | { readonly type: 'news'; readonly connectorId: number; readonly pieces: readonly NewsTold[] }
  /** A phone shows a code in several pieces: so many of them were read. */
  | {
      readonly type: 'parts'
      readonly connectorId: number
      readonly have: number
      readonly need: number
    }
  /** A phone showed an authorization that this charger has answered before: its answer or receipt once more. */
  | {
      readonly type: 'shown-again'
      readonly connectorId: number
      readonly what: 'answer' | 'receipt'
      readonly code: string
    }

/**
 * `scanned` is whatever the camera read (at most `limits.scannedTextCharsMax`), in any phase. `stop` carries six digits.
 * `dismiss` means that the person is done with a receipt or a refusal, or went away from it.
 */
export type FromScreen =
  | { readonly type: 'scanned'; readonly connectorId: number; readonly text: string }
  | { readonly type: 'stop'; readonly connectorId: number; readonly stopCode: string }
  | { readonly type: 'dismiss'; readonly connectorId: number }
  | { readonly type: 'technician'; readonly act: TechnicianAct }
