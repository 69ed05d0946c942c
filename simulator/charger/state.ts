/** Everything that a virtual charger knows, what can happen to it, and what it wants done about it. */

import { factoryConfiguration, type Configuration } from './configuration'
import type { SigningMeter } from './signing-meter'
import type { Vehicle } from './vehicle'

/** Readings of the ports at the time of an event. */
export interface Now {
  readonly monotonicMs: number
  readonly wallS: number
}

/** OCPP 1.6 ChargePointStatus, as far as this charger goes. */
export type Status =
  'Available' | 'Preparing' | 'Charging' | 'SuspendedEV' | 'Finishing' | 'Unavailable' | 'Faulted'

export type StopReason =
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'EVDisconnected'
  | 'HardReset'
  | 'Local'
  | 'PowerLoss'
  | 'Remote'
  | 'SoftReset'
  | 'UnlockCommand'

export interface Transaction {
  /** The charger's own number; the central system's id comes with the answer to the start. */
  readonly localId: number
  readonly idTag: string
  readonly startWh: number
  /** As the charger's clock showed it. */
  readonly startedAt: string
  /** When it was last read; the interval may change while it runs. */
  readonly sampledMs: number
}

export interface Connector {
  readonly connectorId: number
  readonly status: Status
  /** What the central system was last told, in this link or an earlier one. */
  readonly toldStatus: Status | undefined
  readonly isOperative: boolean
  readonly isFaulted: boolean
  readonly vehicle: Vehicle | undefined
  readonly meterMilliJ: number
  readonly powerW: number
  readonly transaction: Transaction | undefined
  /** A transaction has ended and the cable is still in. */
  readonly isFinished: boolean
}

export type Payload = Readonly<Record<string, unknown>>

export interface Outgoing {
  readonly action: string
  readonly payload: Payload
  /** Set on transaction messages: kept until they are acknowledged, over lost links and restarts. */
  readonly localId: number | undefined
  readonly attempts: number
  readonly notBeforeMs: number
}

export interface InFlight {
  readonly messageId: string
  readonly timeoutAtMs: number
}

export type ProfilePurpose = 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile'

/** A charging profile as this charger keeps it. */
export interface Profile {
  readonly id: number
  /** 0 is the whole charger. */
  readonly connectorId: number
  readonly purpose: ProfilePurpose
  readonly stackLevel: number
  readonly limitW: number
  /** On the monotonic timer, from what its own clock said when the profile came; Infinity where it has no end. */
  readonly endsAtMs: number
}

export interface LocalList {
  readonly version: number
  /** By number, with when it ends on the charger's own clock; Infinity where it does not. */
  readonly expiresAtS: Readonly<Record<string, number>>
}

export interface WaitingCard {
  readonly idTag: string
  readonly untilMs: number
}

/** Misbehaviour on request. */
export interface Faults {
  /** Hears commands and never answers. */
  readonly deaf: boolean
  /** Sends every StartTransaction and StopTransaction twice. */
  readonly duplicates: boolean
  /** Reports transaction −1 wherever an id belongs. */
  readonly minusOne: boolean
  /** Its clock starts at 1970. */
  readonly unsetClock: boolean
  readonly remoteStart: 'obey' | 'reject' | 'accept-and-forget'
  /** What it says to charging profiles. */
  readonly profiles: 'obey' | 'Rejected' | 'NotSupported'
}

export const noFaults: Faults = {
  deaf: false,
  duplicates: false,
  minusOne: false,
  unsetClock: false,
  remoteStart: 'obey',
  profiles: 'obey',
}

export interface ChargerSettings {
  readonly vendor: string
  readonly model: string
  readonly connectorCount: number
  /** How many of them share an EVSE, of which one is in use at a time. */
  readonly connectorsPerEvse: number
  readonly maxPowerW: number
  /** Multiplies the energy that flows into batteries, for demonstrations. */
  readonly speed: number
  readonly meterStartWh: number
  /** A meter that signs what a transaction delivered, at its end. */
  readonly meter?: SigningMeter | undefined
}

export interface ChargerState {
  readonly settings: ChargerSettings
  readonly isLinked: boolean
  readonly isRegistered: boolean
  readonly connectors: readonly Connector[]
  readonly configuration: Configuration
  readonly heartbeatS: number
  readonly nextHeartbeatMs: number
  readonly outbox: readonly Outgoing[]
  readonly inFlight: InFlight | undefined
  /** Local transaction → the central system's id, while messages about it may be waiting. */
  readonly transactionIds: Readonly<Record<number, number>>
  readonly nextNumber: number
  readonly profiles: readonly Profile[]
  /** Its own list of cards (OCPP 1.6 §3.5.3), as the central system sent it. */
  readonly localList: LocalList
  /** A card that was let in and waits for its vehicle. */
  readonly waitingCard: WaitingCard | undefined
  /** Energy is accounted for up to here. */
  readonly accountedMs: number
  readonly faults: Faults
}

export type ChargerInput =
  | { readonly type: 'link-up' }
  | { readonly type: 'link-down' }
  | { readonly type: 'call'; readonly messageId: string; readonly action: string; readonly payload: Payload }
  | { readonly type: 'result'; readonly messageId: string; readonly payload: Payload }
  | { readonly type: 'call-error'; readonly messageId: string }
  | { readonly type: 'plug'; readonly connectorId: number; readonly vehicle: Vehicle }
  | { readonly type: 'unplug'; readonly connectorId: number }
  | { readonly type: 'card'; readonly idTag: string }
  | { readonly type: 'stop'; readonly connectorId: number; readonly reason: StopReason }
  | { readonly type: 'tick' }
  | { readonly type: 'restart'; readonly reason: 'PowerLoss' | 'SoftReset' | 'HardReset' }
  | { readonly type: 'set-faults'; readonly faults: Partial<Faults> }
  | { readonly type: 'set-faulted'; readonly connectorId: number; readonly isFaulted: boolean }
  | { readonly type: 'reset-meter'; readonly connectorId: number }

export type ChargerEffect =
  | { readonly type: 'send'; readonly frame: readonly unknown[] }
  /** Closes the link; it is opened again as after any loss. */
  | { readonly type: 'drop-link' }

export interface Step {
  readonly state: ChargerState
  readonly effects: readonly ChargerEffect[]
}

export const defaultSettings: ChargerSettings = {
  vendor: 'Outpost',
  model: 'Virtual 50',
  connectorCount: 1,
  connectorsPerEvse: 1,
  maxPowerW: 50_000,
  speed: 1,
  meterStartWh: 0,
}

export function initialState(settings: Partial<ChargerSettings>, now: Now): ChargerState {
  const complete = { ...defaultSettings, ...settings }
  return {
    settings: complete,
    isLinked: false,
    isRegistered: false,
    connectors: Array.from({ length: complete.connectorCount }, (_, index) => ({
      connectorId: index + 1,
      status: 'Available',
      toldStatus: undefined,
      isOperative: true,
      isFaulted: false,
      vehicle: undefined,
      meterMilliJ: complete.meterStartWh * 3_600_000,
      powerW: 0,
      transaction: undefined,
      isFinished: false,
    })),
    configuration: { ...factoryConfiguration, NumberOfConnectors: String(complete.connectorCount) },
    heartbeatS: 0,
    nextHeartbeatMs: Number.POSITIVE_INFINITY,
    outbox: [],
    inFlight: undefined,
    transactionIds: {},
    nextNumber: 1,
    profiles: [],
    localList: { version: 0, expiresAtS: {} },
    waitingCard: undefined,
    accountedMs: now.monotonicMs,
    faults: noFaults,
  }
}
