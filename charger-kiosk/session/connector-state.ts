/**
 * The states of one connector, what may happen to it, and the one table of what each state permits. The controller,
 * the screen and the tests all read this table. All of it is types and that table, which are read together; hence the
 * length.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash, PublicKey, SessionId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { DurationMs, EpochSeconds, MinorUnits, Seconds, WattHours } from '@/lib/core/units'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { ExaminedRecord } from '@/lib/metering/meter-record'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { CompactTariff, TariffChange } from '@/lib/protocol/messages/compact-tariff'
import type { Receipt, StopReason } from '@/lib/protocol/messages/receipt'
import type { TransactionId } from '../ocpp/ids'
import type { ConnectorStatus, MeterSample, ReportedTime, StopReason as OcppStopReason } from '../ocpp/port'
import type { SafetyLimits } from '../safety/safety-limits'
import type { SafetyWatch } from '../safety/safety-watch'
import type { MeterAccount } from './metering'
import type { MeterRecords } from './kept-records'
import type { KnownOffer } from './offer-book'
import type { AtChange } from './price-change'

/** What the charger says about its connector. Kept in every state; a lost link leaves the last word standing. */
export interface Hardware {
  readonly isLinked: boolean
  readonly status: ConnectorStatus | 'unknown'
}

/** A session that was accepted: what does not change any more. */
export interface Session {
  readonly sessionId: SessionId
  readonly serial: GrantSerial
  readonly offerHash: MessageHash
  /** Of the offer: no later policy changes the price of this session. */
  readonly tariff: CompactTariff
  /** The one change of price that the offer announced. */
  readonly tariffChange?: TariffChange
  readonly holdMinor: MinorUnits
  readonly acceptedAtS: EpochSeconds
  readonly answer: Bytes
  readonly stopCode: string
  readonly stopDigest: Bytes
  readonly durationMaxS: Seconds
  readonly energyMaxWh: WattHours
  /** By the policy's class or a rule; absent: none. */
  readonly powerMaxW?: number
  /** Of the policy's class, where a cap is shared; absent: 1. */
  readonly weight?: number
  /** The key of this charger that signed the offer and signs the rest; undefined: its first. */
  readonly key: PublicKey | undefined
  /** By a card at the charger's own reader: the charger starts it by itself, and the same card stops it. */
  readonly byCard?: true
}

/** A transaction that the charger reported. */
export interface Running {
  readonly transactionId: TransactionId
  readonly startS: EpochSeconds
  /** On the monotonic timer; below zero where it lies before this run of the controller. */
  readonly startedAtMs: number
  readonly meter: MeterAccount
  /** The last figures that are in the journal, and when they were written. */
  readonly journaled: {
    readonly registerWh: WattHours | undefined
    readonly chargingS: number
    readonly idleS: number
    readonly atMs: number
  }
  /** `started` waits for a reading where the charger's own figure could not be read. */
  readonly isStartJournaled: boolean
  readonly safety: SafetyWatch
  /**
   * What the charger is told to draw at most, per phase, in thousandths of an ampere; undefined where only its own limit
   * holds. Whoever sends profiles reads it, and sends it again whenever the charger may have forgotten.
   */
  readonly toldMa: number | undefined
  /** What the meter signed so far. */
  readonly records: MeterRecords
  /** Incidents that are in the journal already: each is worth one line a session. */
  readonly reported: readonly string[]
}

/** Everything that a receipt says about the delivery. */
export interface Final {
  readonly meterStartWh: WattHours
  readonly meterStopWh: WattHours
  readonly startS: EpochSeconds
  readonly chargingS: Seconds
  readonly idleS: Seconds
  /** The same three at the announced change of price, where it came before the end. */
  readonly atChange: AtChange | undefined
  readonly stopReason: StopReason
  /** Of what the meter signed, where it did. */
  readonly meterRecordHash?: MessageHash | undefined
}

/** The transaction may be gone: unless the charger shows that it goes on, the session ends at the deadline. */
export interface Doubt {
  readonly stopReason: StopReason
  readonly deadlineMs: number
}

export interface ShownRefusal {
  readonly refusal: Refusal
  /** The signed decline (or a receipt of nothing), where there is one. */
  readonly answer: Bytes | undefined
  readonly what: 'answer' | 'receipt'
  readonly atS: EpochSeconds
  readonly shownUntilMs: number
}

export type Phase =
  | { readonly kind: 'unavailable'; readonly reason: ReasonCode }
  | { readonly kind: 'available' }
  /** `offer` is undefined for the moment in which it is being signed. */
  | {
      readonly kind: 'offering'
      readonly offer: KnownOffer | undefined
      readonly renewAtMs: number
      readonly refused: ShownRefusal | undefined
    }
  | {
      readonly kind: 'starting'
      readonly session: Session
      readonly stopTriesLeft: number
      readonly deadlineMs: number
      /** False after a power cut between the accept and the command: the charger may never have heard of it. */
      readonly isAsked: boolean
    }
  | {
      readonly kind: 'charging'
      readonly session: Session
      readonly stopTriesLeft: number
      readonly running: Running
      /** The stop code and the accept are shown until then. */
      readonly codeShownUntilMs: number
      readonly doubt: Doubt | undefined
    }
  | {
      readonly kind: 'stopping'
      readonly session: Session
      readonly running: Running
      readonly stopReason: StopReason
      /** Without a StopTransaction until then, the last known figures are final. */
      readonly deadlineMs: number
      readonly nextStopMs: number
    }
  /** All figures are final; only the receipt's signature is missing. */
  | { readonly kind: 'ending'; readonly session: Session; readonly final: Final }
  | {
      readonly kind: 'finished'
      readonly session: Session
      readonly receipt: VerifiedMessage<Receipt>
      readonly shownUntilMs: number
    }

export type PhaseKind = Phase['kind']
export type PhaseOf<K extends PhaseKind> = Extract<Phase, { kind: K }>

export interface ConnectorState {
  readonly connectorId: number
  readonly hardware: Hardware
  /** Why nothing may be offered although the hardware is well: no policy, no storage, not paired. */
  readonly closedFor: ReasonCode | undefined
  /** Nothing is sold before: the bay was too hot. On the monotonic timer. */
  readonly coolingUntilMs?: number | undefined
  readonly phase: Phase
}

interface Permission {
  /** No session stands here: what is shown follows the hardware alone. */
  readonly followsHardware: boolean
  /** An authorization may be accepted. */
  readonly accept: boolean
  /** A StartTransaction with the session's tag belongs here. */
  readonly start: boolean
  /** Meter readings count. */
  readonly meter: boolean
  /** The stop code ends it. */
  readonly stop: boolean
  /** Money is held and not yet in a receipt: the `open` row stands. */
  readonly open: boolean
}

const idle: Permission = {
  followsHardware: true,
  accept: false,
  start: false,
  meter: false,
  stop: false,
  open: false,
}
const busy: Permission = { ...idle, followsHardware: false, open: true }

export const permits = {
  unavailable: idle,
  available: idle,
  offering: { ...idle, accept: true },
  starting: { ...busy, start: true, stop: true },
  charging: { ...busy, start: true, meter: true, stop: true },
  stopping: { ...busy, start: true, meter: true },
  ending: busy,
  finished: { ...busy, open: false },
} as const satisfies Record<PhaseKind, Permission>

/** Readings of the clocks at one event. */
export interface Now {
  readonly timeS: EpochSeconds
  readonly clockQuality: ClockQuality
  readonly monotonicMs: DurationMs
}

export type ConnectorEvent =
  | { readonly kind: 'link'; readonly isUp: boolean }
  | { readonly kind: 'charger-booted' }
  | { readonly kind: 'status'; readonly status: ConnectorStatus }
  | { readonly kind: 'closed'; readonly reason: ReasonCode | undefined }
  | { readonly kind: 'offer-made'; readonly offer: KnownOffer }
  /** What an offer says is out of date: a fresh one takes its place on the screen, and the old one stays good. */
  | { readonly kind: 'offer-stale' }
  | { readonly kind: 'accepted'; readonly session: Session; readonly event: JournalEvent }
  | { readonly kind: 'declined'; readonly refused: Omit<ShownRefusal, 'shownUntilMs'> }
  | { readonly kind: 'start-answered'; readonly willStart: boolean }
  | {
      readonly kind: 'transaction-started'
      readonly transactionId: TransactionId
      readonly meterStartWh: WattHours | undefined
      readonly startS: EpochSeconds
      /** The certificate vouches for a key of this meter. */
      readonly expectsRecords?: boolean
      /** It began so long before the controller heard of it. Default: just now. */
      readonly startedAgoMs?: number
    }
  /** `inTransaction`: the charger named our transaction, which shows that it goes on. */
  | {
      readonly kind: 'readings'
      readonly samples: readonly MeterSample[]
      readonly inTransaction: boolean
      /** What was signed among the samples. */
      readonly records?: readonly ExaminedRecord[]
    }
  | { readonly kind: 'stop-code'; readonly stopCode: string }
  /** Whoever runs the site ended it: the CSMS of its own. */
  | { readonly kind: 'site-stop' }
  /** The wallet's signed stop, checked already. */
  | { readonly kind: 'phone-stop'; readonly sessionId: SessionId; readonly stop: Bytes }
  /** The card of this session was presented once more. */
  | { readonly kind: 'card-again'; readonly serial: GrantSerial }
  | {
      readonly kind: 'transaction-stopped'
      readonly meterStopWh: WattHours | undefined
      readonly reason: OcppStopReason
      readonly time: ReportedTime
      readonly samples: readonly MeterSample[]
      readonly records?: readonly ExaminedRecord[]
    }
  | { readonly kind: 'receipt-signed'; readonly receipt: VerifiedMessage<Receipt> }
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'tick' }

export type Effect =
  | { readonly kind: 'make-offer' }
  /** In memory alone: what became of this connector's offers. */
  | { readonly kind: 'retire-offers'; readonly as: 'used' | 'void' }
  | {
      readonly kind: 'remote-start'
      readonly sessionId: SessionId
      /** Per phase, in thousandths of an ampere; undefined where only the charger's own limit holds. */
      readonly allowedMa: number | undefined
    }
  | { readonly kind: 'remote-stop'; readonly transactionId: TransactionId }
  | { readonly kind: 'ask-meter' }
  | { readonly kind: 'sign-receipt'; readonly session: Session; readonly final: Final }
  | { readonly kind: 'feedback'; readonly feedback: Feedback }

export type Feedback =
  { readonly outcome: 'accepted' | 'finished' } | { readonly outcome: 'refused'; readonly refusal: Refusal }

export interface Step {
  readonly state: ConnectorState
  /** To be durable before any effect. */
  readonly journal: readonly JournalEvent[]
  readonly effects: readonly Effect[]
}

export interface MachineSettings {
  /** From accept to the charger's StartTransaction. */
  readonly startTimeoutMs: DurationMs
  /** From a stop to the charger's StopTransaction. */
  readonly stopTimeoutMs: DurationMs
  /** The same after the vehicle is gone. */
  readonly unplugGraceMs: DurationMs
  readonly stopAgainMs: DurationMs
  /** How long a charger may take to come back after a power cut. */
  readonly recoveryMs: DurationMs
  /** How long a charger that is back may take to show that its transaction goes on. */
  readonly lossGraceMs: DurationMs
  readonly meteredEveryMs: DurationMs
  readonly staleAfterMs: DurationMs
  /** How far ahead of the hold the charger stops: one interval of its meter and the way to the contactor. */
  readonly holdLeadMs: DurationMs
  /** Of every bay, and of some what is stricter. */
  readonly safety: SafetyLimits
  readonly safetyOfBays: ReadonlyMap<number, Partial<SafetyLimits>>
  readonly codeShownMs: DurationMs
  readonly refusalShownMs: DurationMs
  readonly receiptShownMs: DurationMs
}
