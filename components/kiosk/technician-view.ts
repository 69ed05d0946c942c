/**
 * What the screens of technician mode are given, at the touchscreen and at a laptop, and what somebody can ask for there.
 * The same shapes as the controller sends: nothing is worked out here.
 */

import type { Refusal } from '@/lib/core/reason'

export interface SealEntry {
  readonly place: string
  readonly number: string
  readonly isIntact: boolean
}

export interface TechnicianEvents {
  onAct(act: TechnicianAsk): void
}

type PlainAsk =
  'leave' | 'stay' | 'hand-back' | 'newest' | 'self-test' | 'bundle' | 'stick' | 'open-lan' | 'close-lan'
type BayAsk = 'read-meter' | 'unlock' | 'test' | 'take-out' | 'put-back'

export type TechnicianAsk =
  | { readonly kind: PlainAsk }
  | { readonly kind: BayAsk; readonly connectorId: number }
  | { readonly kind: 'older'; readonly before: number }
  | { readonly kind: 'prove'; readonly seq: number }
  | { readonly kind: 'seals'; readonly seals: readonly SealEntry[] }

export type Verdict = 'good' | 'doubtful' | 'bad'

export type TechnicianCheck =
  'sales' | 'charger' | 'camera' | 'disk' | 'memory' | 'clock' | 'policy' | 'keys' | 'selfTest' | 'program'

/** One line of health: words by its name and facts. */
export interface TechnicianLine {
  readonly check: TechnicianCheck
  readonly verdict: Verdict
  readonly facts: Readonly<Record<string, string | number>>
}

export interface TechnicianRoad {
  readonly road: 'cloud' | 'phones' | 'bluetooth' | 'site' | 'satellite'
  /** Which OCPP charger it is for, or null. */
  readonly name: string | null
  readonly verdict: Verdict
  /** Null: not since the start. */
  readonly lastContactS: number | null
  /** What the last attempt failed by, or null. */
  readonly fault: string | null
  /** What is still to be told by it; null where nothing waits for this road. */
  readonly waiting: number | null
}

export type TechnicianCounter =
  | 'receipts'
  | 'sessions'
  | 'declines'
  | 'events'
  | 'unsent'
  | 'purged'
  | 'journalBytes'
  | 'epoch'
  | 'policy'
  | 'revocations'

export interface TechnicianEvent {
  readonly seq: number
  readonly kind: string
  readonly timeS: number | null
  /** The cloud has acknowledged it. */
  readonly isSent: boolean
}

/** `fits`: the event is in the log that the charger signed for; `changed`: it is not what was written; `gone`: purged. */
export interface TechnicianProof {
  readonly seq: number
  readonly verdict: 'fits' | 'changed' | 'gone'
  readonly size: number
  readonly steps: number
  readonly leaf: string
  readonly root: string
  readonly checkpointS: number
}

export interface TechnicianReading {
  readonly atS: number
  readonly registerWh: number | null
  readonly powerW: number | null
  readonly temperatureDeciC: number | null
  readonly isSigned: boolean
}

export interface TechnicianTestStep {
  readonly step: 'closes' | 'still' | 'lock' | 'opens'
  readonly verdict: Verdict
}

export interface TechnicianBay {
  readonly connectorId: number
  readonly identity: string
  readonly socket: string
  readonly isConnected: boolean
  /** As the charger says, in the words of OCPP 1.6; null before it has said anything. */
  readonly status: string | null
  readonly hasSession: boolean
  readonly isTakenOut: boolean
  readonly reading: TechnicianReading | null
  /** Of the last thirty days, in hundredths of a percent; null before anything was seen. */
  readonly upBasisPoints: number | null
  readonly test: readonly TechnicianTestStep[] | null
}

/** What the last act came to; `busy` while the charger is asked. */
export interface TechnicianNotice {
  readonly act: TechnicianAsk['kind'] | 'ask'
  readonly connectorId: number | null
  readonly outcome: 'busy' | 'done' | 'refused'
  readonly refusal: Refusal | null
  /** Seals that are not as they were written down. */
  readonly findings: readonly string[]
}

export interface TechnicianBundle {
  readonly madeAtS: number
  readonly bytes: number
  readonly parts: readonly { readonly part: string; readonly count: number }[]
}

/** What a stick that was served brought, and what lies on it now. */
export interface TechnicianStick {
  readonly name: string
  readonly atS: number
  /** Answers that told something new. */
  readonly news: number
  /** Answers that could not be used. */
  readonly refused: number
  readonly parcels: number
  readonly bytes: number
  /** It holds less than the log has to tell. */
  readonly isPart: boolean
  /** Why it could not be read or filled, or null. */
  readonly fault: Refusal | null
}

export interface TechnicianLan {
  readonly addresses: readonly string[]
  /** Null once it was used; never told over the LAN. */
  readonly password: string | null
  /** SHA-256 of the certificate; null without TLS. */
  readonly fingerprint: string | null
  readonly isUsed: boolean
  readonly leftS: number
}

export interface TechnicianView {
  readonly kind: 'open'
  readonly place: 'screen' | 'lan'
  /** Of the pass. */
  readonly serial: string
  readonly rights: { readonly diagnostics: boolean; readonly service: boolean }
  readonly chargerId: string
  /** Until it closes by itself. */
  readonly leftS: number
  readonly nowS: number
  readonly health: readonly TechnicianLine[]
  readonly roads: readonly TechnicianRoad[]
  readonly counters: readonly { readonly counter: TechnicianCounter; readonly value: number }[]
  readonly events: readonly TechnicianEvent[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly proof: TechnicianProof | null
  readonly bays: readonly TechnicianBay[]
  readonly seals: readonly { readonly place: string; readonly number: string }[]
  readonly bundle: TechnicianBundle | null
  readonly notice: TechnicianNotice | null
  readonly lan: TechnicianLan | null
  /** Whether the configuration lets a laptop in. */
  readonly hasLan: boolean
  /** Those that were served last. */
  readonly sticks: readonly TechnicianStick[]
  /** Whether the configuration names places where sticks are mounted. */
  readonly hasSticks: boolean
}

export interface TechnicianChallengeView {
  readonly code: string
  readonly leftS: number
  readonly refusal: Refusal | null
}
