/**
 * What the controller and its touchscreen say to each other over the local WebSocket (`/screen`), as JSON.
 * The controller sends whole states (small, a few times a second at most); the screen sends what people do.
 * The screen keeps no truth of its own: after a reload it shows the next state that it is sent.
 */

import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'

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
  | { readonly kind: 'available' }
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
      readonly answerCode: string
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
      readonly statusCode: string
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
      readonly stopReason:
        'stop-code' | 'unplugged' | 'hold-reached' | 'vehicle' | 'limit' | 'fault' | 'power-cut'
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
  readonly demo: boolean
  readonly connectors: readonly ScreenConnector[]
}

export type ToScreen =
  | { readonly type: 'state'; readonly state: ScreenState }
  | { readonly type: 'feedback'; readonly outcome: 'accepted' | 'finished' }
  | { readonly type: 'feedback'; readonly outcome: 'refused'; readonly refusal: Refusal }

export type FromScreen =
  | { readonly type: 'scanned'; readonly connectorId: number; readonly text: string }
  | { readonly type: 'stop'; readonly connectorId: number; readonly stopCode: string }
  | { readonly type: 'dismiss'; readonly connectorId: number }
