/** What the controller needs from outside. Every port has a twin in memory, so that a whole charger runs in virtual time. */

import type { Clock, Random, Timers } from '@/lib/core/clock'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { EpochSeconds } from '@/lib/core/units'
import type { MeterCrypto } from '@/lib/crypto/meter-signature'
import type { Seal } from '@/lib/crypto/sealing'
import type { Signer, Verify } from '@/lib/crypto/signature'
import type { Journal, JournalFault } from '@/lib/journal/journal'
import type { GatewayLine } from '@/lib/roads/gateway-line'
import type { Road } from '@/lib/roads/road'
import type { ParcelSecret } from '@/lib/sync/parcel'
import type { ChargePointIdentity } from '../ocpp/ids'
import type { ChargerCommands } from '../ocpp/port'
import type { MachineSettings } from '../session/connector-state'
import type { KioskTable } from '../session/records'
import type { StepUpOrigin } from '../session/step-up'
import type { BayMap } from './bays'
import type { PowerSettings } from './power-keeper'

/** Lets a bench time the way from an authorization's bytes to its durable answer. Called synchronously. */
export interface Observer {
  scanStarted?(): void
  appendStarted?(): void
  appendEnded?(): void
  scanAnswered?(): void
}

/** What a charger needs to hand out sealed pieces of its log. */
export interface ParcelKeys {
  readonly secret: ParcelSecret
  readonly seal: Seal
}

export type LogLine = Readonly<Record<string, string | number | boolean | undefined>>

export interface ControllerPorts {
  readonly journal: Journal<KioskTable>
  /** The key with which this charger was enrolled. */
  readonly signer: Signer
  /** Further keys of its own, before and after a rotation; a certificate decides which is used. */
  readonly otherSigners?: readonly Signer[]
  readonly verify: Verify
  /** Curves of meters that sign. Without it their records are kept and not judged. */
  readonly meterCrypto?: MeterCrypto
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** Commands to one of its chargers; asked for at each use, because the socket server starts after the controller. */
  readonly charger: (identity: ChargePointIdentity) => ChargerCommands | undefined
  /** The way to the cloud; without one, somebody else carries the log and calls `takeNews`. */
  readonly road?: Road
  /** The gateway of its site, where there is one. */
  readonly siteLine?: Pick<GatewayLine, 'site' | 'reserve'>
  /** What is needed to hand out sealed pieces of the log. */
  readonly parcels?: ParcelKeys
  readonly observer?: Observer
  /** What forbids selling besides the issuer and the disk, such as a key store that does not sign. */
  readonly closedBy?: () => ReasonCode | undefined
  readonly log?: (what: string, facts?: LogLine) => void
  /** The disk is in doubt: what stands on it must be read afresh before anything else is decided. */
  readonly onFatal?: (fault: JournalFault) => void
}

export interface ControllerOptions {
  /** Its bays, and where each is found. What stands as `connectorId` in offers, journal and screen is the bay. */
  readonly bays: BayMap
  /** Of this program, for the journal. */
  readonly version: string
  /** No clock can be right before it. */
  readonly buildTimeS: EpochSeconds
  readonly stepUp: StepUpOrigin
  readonly supportPhone: string
  readonly demoPageOrigins?: readonly string[]
  readonly machine?: Partial<MachineSettings>
  /** What chargers are told to draw at most, also without this controller. Default: nothing. */
  readonly power?: PowerSettings
  /** Default true. A simulation that looks at no screen saves a signature every ten seconds. */
  readonly signsStatus?: boolean
}
