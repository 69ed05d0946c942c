/** What the screen keeps between two pictures. The controller's state is kept whole and never changed here. */

import type { Ease } from '@/components/kiosk/kiosk-view'
import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Locale } from '@/lib/format/locale'
import type { FromScreen, NewsTold, ScreenState, ToScreen } from '../screen-protocol'
import type { TechnicianAct } from '../screen-protocol-technician'
import type { IdleVerdict } from './idle'

/** What stands over the bay's own screen. */
export type Overlay =
  | { readonly kind: 'none' }
  | { readonly kind: 'help' }
  | { readonly kind: 'ease' }
  | { readonly kind: 'ask-again' }
  | { readonly kind: 'shown-again'; readonly what: 'answer' | 'receipt'; readonly code: string }
  | { readonly kind: 'stop-entry'; readonly digits: string; readonly refusal: Refusal | null }
  /** Technician mode, or the question for a pass; `stayedMs` is when the controller last heard that somebody is here. */
  | { readonly kind: 'technician'; readonly stayedMs: number }
  /** What a phone brought for the charger. */
  | { readonly kind: 'news'; readonly pieces: readonly NewsTold[] }
  /** A refusal that belongs to no offer on the glass. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export type Light = 'day' | 'night'

export interface ScreenSettings {
  /** What the screen returns to when nobody is there. */
  readonly locale: Locale
  /** Null: by the hour. */
  readonly light: Light | null
}

export interface ScreenModel {
  readonly settings: ScreenSettings
  /** `connecting` until the first state, then `live` or `lost`. */
  readonly link: 'connecting' | 'live' | 'lost'
  readonly state: ScreenState | null
  /** The bay on the glass: the plug chooses, a touch may choose another. */
  readonly connectorId: number | null
  readonly locale: Locale
  readonly light: Light | null
  readonly ease: Ease
  readonly overlay: Overlay
  readonly cameraProblem: { readonly code: ReasonCode; readonly sinceMs: number } | null
  /** A code that a phone shows in several pieces, as far as they were seen. */
  readonly parts: { readonly have: number; readonly need: number; readonly sinceMs: number } | null
  readonly touchedMs: number
  readonly idle: IdleVerdict
}

export type StopEntryEvent =
  | { readonly kind: 'stop' }
  | { readonly kind: 'erase' }
  | { readonly kind: 'confirm-stop' }
  | { readonly kind: 'digit'; readonly digit: string }

export type ScreenEvent =
  | { readonly kind: 'link'; readonly link: 'live' | 'lost' }
  | { readonly kind: 'said'; readonly message: ToScreen }
  | { readonly kind: 'tick' }
  /** Any touch or key, before what it does. */
  | { readonly kind: 'touched' }
  | { readonly kind: 'help' | 'ease' | 'ask-again' | 'close' | 'done' | 'leave' }
  | { readonly kind: 'eased'; readonly choice: Partial<Ease> }
  | { readonly kind: 'technician' }
  | { readonly kind: 'technician-act'; readonly act: TechnicianAct }
  | StopEntryEvent
  | { readonly kind: 'locale'; readonly locale: Locale }
  | { readonly kind: 'light'; readonly light: Light }
  | { readonly kind: 'bay'; readonly connectorId: number }
  | { readonly kind: 'scanned'; readonly text: string }
  | { readonly kind: 'camera-problem'; readonly code: ReasonCode }

export type ScreenEffect =
  | { readonly kind: 'send'; readonly message: FromScreen }
  | { readonly kind: 'tone'; readonly tone: 'accepted' | 'refused' | 'finished' }

export interface ScreenStep {
  readonly model: ScreenModel
  readonly effects: readonly ScreenEffect[]
}

export const noOverlay: Overlay = { kind: 'none' }

/** As most people find it, and as everybody leaves it. */
export const noEase: Ease = { low: false, large: false, spoken: false }

export const emptyScreen = (settings: ScreenSettings, nowMs: number): ScreenModel => ({
  settings,
  link: 'connecting',
  state: null,
  connectorId: null,
  locale: settings.locale,
  light: settings.light,
  ease: noEase,
  overlay: noOverlay,
  cameraProblem: null,
  parts: null,
  touchedMs: nowMs,
  idle: { kind: 'none' },
})
