/**
 * What the kiosk's screens are given. Money in minor units, energy in Wh, power in W, times in epoch seconds; words and
 * number forms are the views' own business.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Refusal } from '@/lib/core/reason'
import type { Locale } from '@/lib/format/locale'
import type { TariffFigures } from '@/lib/format/tariff-lines'
import type { KioskStateName } from './kiosk-states'

/** What stands on every screen. */
export interface ChromeView {
  readonly siteLabel: string
  readonly bayLabel: string
  readonly state: KioskStateName
  readonly uplink: 'online' | 'offline'
  readonly nowS: number
  /** The price stands on every screen; null where the screen itself is about it, or there is none. */
  readonly tariff: TariffFigures | null
  readonly canStop: boolean
  /** More than one only where one screen serves several bays. */
  readonly bays: readonly BayView[]
  readonly ease: EaseView
}

/** What somebody at this screen asked for; all of it goes when they leave. */
export interface Ease {
  /** Whatever is touched stands in the lower half. */
  readonly low: boolean
  readonly large: boolean
  /** Each new screen is read aloud. */
  readonly spoken: boolean
}

export interface EaseView extends Ease {
  /** False where this charger has no voice for the language on the glass. */
  readonly canSpeak: boolean
}

export interface BayView {
  readonly connectorId: number
  readonly bayLabel: string
  readonly state: KioskStateName
  readonly selected: boolean
}

export interface ChromeEvents {
  onHelp(): void
  onStop(): void
  onLocale(locale: Locale): void
  /** The choice of low controls, large text and spoken prompts. */
  onEase(): void
  /** Reads the screen aloud once more. */
  onSayAgain(): void
  onBay(connectorId: number): void
}

export interface AttractView {
  /** Null while the charger has no policy yet. */
  readonly tariff: TariffFigures | null
  /** A card was let in; only the vehicle is missing. */
  readonly isCardWaiting?: boolean
}

export interface OfferView {
  readonly offerCode: string
  readonly words: readonly [string, string]
  readonly maximumHoldMinor: number
  readonly tariff: TariffFigures
  /** Why codes cannot be read at present, or null. */
  readonly cameraProblem: ReasonCode | null
  /** How much of a code in several pieces was read, or null. */
  readonly parts: { readonly have: number; readonly need: number } | null
  readonly supportPhone: string
}

export interface RefusedView {
  readonly refusal: Refusal
  /** The signed decline, which frees the hold on the phone; null where nothing could be pinned. */
  readonly answerCode: string | null
}

export interface StartingView {
  readonly currency: string
  readonly heldMinor: number
  readonly stopCode: string
  /** Null where no phone waits for an answer: a card opened it. */
  readonly answerCode: string | null
}

export interface ChargingView {
  readonly currency: string
  readonly heldMinor: number
  readonly costMinor: number
  readonly energyWh: number
  readonly powerW: number
  readonly elapsedS: number
  /** Both are null after the first minute. */
  readonly stopCode: string | null
  readonly answerCode: string | null
  readonly statusCode: string
  /** The card that opened it at the charger's reader ends it there. */
  readonly isByCard?: boolean
  /** Where a change of price was announced for this session. */
  readonly tariff: TariffFigures
  /** The announced time has come. */
  readonly hasPriceChanged: boolean
}

export interface StopEntryView {
  /** What has been typed so far, at most six digits. */
  readonly digits: string
  /** Null while the controller has not said it. */
  readonly triesLeft: number | null
  /** The last attempt's refusal, until a digit is typed. */
  readonly refusal: Refusal | null
}

export interface StoppingView {
  readonly currency: string
  readonly costMinor: number
  readonly energyWh: number
}

export type KioskStopReason =
  'stop-code' | 'phone' | 'unplugged' | 'hold-reached' | 'vehicle' | 'limit' | 'fault' | 'power-cut' | 'card'

export interface FinishedView {
  readonly currency: string
  readonly receiptCode: string
  readonly heldMinor: number
  readonly totalMinor: number
  readonly releasedMinor: number
  readonly taxMinor: number
  readonly taxBasisPoints: number
  readonly energyWh: number
  readonly energyMinor: number
  readonly timeMinor: number
  readonly sessionMinor: number
  readonly idleMinor: number
  readonly startS: number
  readonly durationS: number
  /** The price, where it changed within the session. */
  readonly priceChange: { readonly tariff: TariffFigures } | null
  readonly stopReason: KioskStopReason
}

export interface UnavailableView {
  readonly reason: ReasonCode
  readonly supportPhone: string
  readonly chargerId: string
}

export interface LostView {
  /** `connecting` before the first state arrived. */
  readonly kind: 'connecting' | 'lost'
  /** Null when the screen was never told. */
  readonly supportPhone: string | null
}

export interface HelpView {
  readonly supportPhone: string
  readonly chargerId: string
}

export interface EaseChoiceView extends EaseView {
  readonly light: 'day' | 'night'
}

/** What the issuer's messages in a phone's code changed here. */
export interface NewsView {
  readonly news: readonly NewsLine[]
  /** Some of it builds on news that have not arrived yet. */
  readonly hasGap: boolean
  /** Some of it nobody had signed. */
  readonly hasRefused: boolean
}

export type NewsLine =
  'time' | 'revocations' | 'permit' | 'acknowledgement' | 'trust-list' | 'policy' | 'charger-certificate'

export interface ShownAgainView {
  readonly what: 'answer' | 'receipt'
  readonly code: string
}
