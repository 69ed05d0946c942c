/**
 * What the session shell and an OCPP charger have to say to each other, without a word of OCPP framing.
 * Implemented over sockets by `central-system.ts`. Everything here is data or a promise, so the session's pure
 * core can take the events as they are.
 *
 * Order: the messages of one charger reach the handlers one at a time, in the order in which they came. Each is
 * acknowledged only after its handler has settled, so a handler that journals first makes "acknowledged" mean
 * "durable". A handler that throws or rejects leaves the message unanswered and drops the link: the charger keeps
 * the message and sends it again.
 */

import type { DurationMs, EpochSeconds, WattHours, Watts } from '@/lib/core/units'
import type { Result } from '@/lib/core/result'
import type { SignedValue } from '@/lib/metering/signed-value'
import type { Amperes, ChargePointIdentity, ConnectorId, IdTag, TransactionId } from './ids'

/** OCPP 1.6 ChargePointStatus. */
export const connectorStatuses = [
  'Available',
  'Preparing',
  'Charging',
  'SuspendedEVSE',
  'SuspendedEV',
  'Finishing',
  'Reserved',
  'Unavailable',
  'Faulted',
] as const
export type ConnectorStatus = (typeof connectorStatuses)[number]

/** OCPP 1.6 ReadingContext. */
export const readingContexts = [
  'Interruption.Begin',
  'Interruption.End',
  'Sample.Clock',
  'Sample.Periodic',
  'Transaction.Begin',
  'Transaction.End',
  'Trigger',
  'Other',
] as const
export type ReadingContext = (typeof readingContexts)[number]

/** OCPP 1.6 Reason; "Local" where the charger gave none, as the specification says. */
export const stopReasons = [
  'DeAuthorized',
  'EmergencyStop',
  'EVDisconnected',
  'HardReset',
  'Local',
  'Other',
  'PowerLoss',
  'Reboot',
  'Remote',
  'SoftReset',
  'UnlockCommand',
] as const
export type StopReason = (typeof stopReasons)[number]

/**
 * When something happened. Late data keeps the charger's own time: sort by it, not by arrival. `plausible` is false
 * when the charger's clock was evidently never set (1970) or ran far ahead; then only `receivedAtS` says anything.
 */
export interface ReportedTime {
  readonly receivedAtS: EpochSeconds
  /** As the charger wrote it, whole seconds; undefined when it wrote none that can be read. */
  readonly reportedAtS: EpochSeconds | undefined
  readonly plausible: boolean
}

/** One instant of a meter. A quantity that was not sampled, or was unreadable, is undefined. */
export interface MeterSample {
  readonly time: ReportedTime
  readonly context: ReadingContext
  /** Energy.Active.Import.Register at the outlet: the meter's total, not the session's energy. */
  readonly registerWh: WattHours | undefined
  readonly powerW: Watts | undefined
  /** Tenths of a degree Celsius, the hottest place reported; may be negative. */
  readonly temperatureDeciC: number | undefined
  readonly stateOfChargePercent: number | undefined
  /** Signed meter records (format SignedData), byte for byte as they came, with the key that came beside them. */
  readonly signedData: readonly SignedValue[]
}

/** The message's payload as it was parsed from JSON, for the journal. Not trusted, not interpreted. */
export type RawPayload = Readonly<Record<string, unknown>>

/** Where at a charger something happened. */
export interface Socket {
  readonly identity: ChargePointIdentity
  /** A connector of OCPP 1.6, an EVSE of 2.0.1; 0 is the charger as a whole. */
  readonly connectorId: ConnectorId
  /** Which connector of the EVSE, where a 2.0.1 charger says so. */
  readonly evseConnector?: number | undefined
}

/** What a reader read, or a vehicle said for itself: never written down anywhere. */
export interface PresentedToken {
  readonly text: string
  /** IdTokenEnumType of OCPP 2.0.1; undefined in 1.6, which knows no kinds. */
  readonly type: string | undefined
}

export interface StartTransactionRequest extends Socket {
  /** Trimmed; may be a tag that nobody authorized, or "" when the charger sent none. */
  readonly idTag: string
  /** Undefined when the charger's figure could not be read; an incident has said so. */
  readonly meterStartWh: WattHours | undefined
  readonly time: ReportedTime
  /** The number that this transaction has already, where the charger names it itself (OCPP 2.0.1); take it. */
  readonly transactionId?: TransactionId
  /** The whole token, where it is more than `idTag` can hold. */
  readonly token?: PresentedToken | undefined
  /** The charger says that it began without a link (OCPP 2.0.1). */
  readonly isOffline?: boolean
  readonly raw: RawPayload
}

/** AuthorizationStatus of OCPP 2.0.1; what 1.6 has no word for is "Invalid" there. */
export type AuthorizationStatus =
  | 'Accepted'
  | 'Blocked'
  | 'Expired'
  | 'Invalid'
  | 'ConcurrentTx'
  | 'NoCredit'
  | 'NotAtThisLocation'
  | 'Unknown'

/** AuthorizeCertificateStatus of OCPP 2.0.1: what became of a contract certificate. */
export type CertificateStatus = 'Accepted' | 'CertChainError' | 'ContractCancelled'

export interface TokenInfo {
  readonly status: AuthorizationStatus
  /** Cards of one group may stop each other's sessions. */
  readonly group?: string | undefined
}

export interface AuthorizeAnswer extends TokenInfo {
  readonly certificateStatus?: CertificateStatus
}

export interface StartTransactionAnswer extends TokenInfo {
  /** Always give a fresh id, also when refusing: the charger may have closed the contactor already (1.6 §4.8). */
  readonly transactionId: TransactionId
  /** A session stands on it although its token counts no more: what is said of it goes on mattering. */
  readonly isRecorded?: boolean
}

export interface StopTransactionNotice {
  readonly identity: ChargePointIdentity
  /** Undefined for −1, 0 and unreadable ids: the charger lost the start. Match by `idTag` or connector state. */
  readonly transactionId: TransactionId | undefined
  readonly meterStopWh: WattHours | undefined
  readonly time: ReportedTime
  readonly reason: StopReason
  readonly idTag: string | undefined
  readonly token?: PresentedToken | undefined
  /** `transactionData`: samples that may be older than ones already seen. In the charger's order. */
  readonly samples: readonly MeterSample[]
  readonly raw: RawPayload
}

export interface AuthorizeRequest {
  readonly identity: ChargePointIdentity
  readonly idTag: string
  readonly token?: PresentedToken
  /** Plug & Charge: hash data of the contract certificate, each field as it came; the charger checked the rest. */
  readonly contracts?: readonly ContractHash[]
  /** Plug & Charge: the charger could not check the contract and sends it whole. */
  readonly bringsContract?: boolean
  readonly receivedAtS: EpochSeconds
}

/** OCSPRequestDataType of OCPP 2.0.1, without the responder: names one certificate. */
export interface ContractHash {
  readonly hashAlgorithm: string
  readonly issuerNameHash: string
  readonly issuerKeyHash: string
  readonly serialNumber: string
}

export type IncidentKind =
  | 'unknown-identity'
  | 'wrong-password'
  | 'wrong-protocol'
  | 'tls-failed'
  | 'malformed-frame'
  | 'oversize-frame'
  | 'unknown-action'
  | 'schema-violation'
  | 'unreadable-value'
  | 'unexpected-answer'
  | 'duplicate'
  | 'overload'
  | 'handler-failed'

/** Something that a charger should not have done. Nothing was lost by it; it belongs in the journal and the health page. */
export interface Incident {
  readonly type: 'incident'
  /** As presented; for a refused connection it is anything that a stranger wrote, at most 64 characters. */
  readonly identity: string
  readonly atS: EpochSeconds
  readonly kind: IncidentKind
  /** OCPP action, where the frame had one. */
  readonly action: string | undefined
  /** At most 300 characters, for technicians. */
  readonly detail: string
}

export interface MeterValuesEvent extends Socket {
  readonly type: 'meter-values'
  readonly transactionId: TransactionId | undefined
  readonly samples: readonly MeterSample[]
  readonly raw: RawPayload
}

export interface StatusEvent extends Socket {
  readonly type: 'status'
  readonly status: ConnectorStatus
  /** OCPP 1.6 ChargePointErrorCode, "NoError" when all is well. */
  readonly errorCode: string
  readonly info: string | undefined
  readonly vendorErrorCode: string | undefined
  readonly time: ReportedTime
}

export type ConfigurationOutcome = 'accepted' | 'reboot-required' | CommandErrorCode

export type ChargerEvent =
  | { readonly type: 'connected'; readonly identity: ChargePointIdentity; readonly atS: EpochSeconds }
  | { readonly type: 'disconnected'; readonly identity: ChargePointIdentity; readonly atS: EpochSeconds }
  | {
      readonly type: 'booted'
      readonly identity: ChargePointIdentity
      readonly atS: EpochSeconds
      readonly vendor: string
      readonly model: string
      readonly firmware: string | undefined
      readonly serialNumber: string | undefined
    }
  | StatusEvent
  | MeterValuesEvent
  | { readonly type: 'heartbeat'; readonly identity: ChargePointIdentity; readonly atS: EpochSeconds }
  | {
      readonly type: 'configured'
      readonly identity: ChargePointIdentity
      readonly atS: EpochSeconds
      readonly outcomes: Readonly<Record<string, ConfigurationOutcome>>
    }
  | Incident

/** The session shell's side. */
export interface ChargerHandlers {
  onEvent(event: ChargerEvent): void | Promise<void>
  /**
   * Resolve after the start is journaled. An identical retry (same connector, tag, register and time) is answered
   * from memory and does not get here again within one run; after a restart it does, so look the tag up first and
   * give the same id again.
   */
  onStartTransaction(request: StartTransactionRequest): Promise<StartTransactionAnswer>
  /** Resolve after the stop is journaled, also for unknown or repeated ones: a stop is always acknowledged. */
  onStopTransaction(notice: StopTransactionNotice): Promise<void>
  /**
   * Somebody presented a token at the charger itself. Resolve with "Accepted" only after what lets it charge is journaled:
   * the charger may close the contactor upon the answer.
   */
  onAuthorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>
}

export type CommandErrorCode =
  /** No answer in time. The charger may still act: a StartTransaction can follow. */
  | 'timeout'
  /** The charger said no. */
  | 'rejected'
  /** Not connected, or the link broke before the answer came. The charger may still act. */
  | 'disconnected'
  | 'not-supported'
  /** The charger answered something that OCPP does not allow. */
  | 'malformed'
  /** Too many commands wait for this charger. */
  | 'overload'

export interface CommandError {
  readonly code: CommandErrorCode
  readonly detail: string
}

export type CommandResult<T = void> = Result<T, CommandError>

export interface RemoteStart {
  readonly connectorId: ConnectorId
  readonly idTag: IdTag
  /** Sent as a TxProfile in amperes per phase; leave out for the charger's own limit. */
  readonly maxCurrentA?: Amperes
}

/** A limit of current in amperes per phase, in whatever version the charger speaks. */
export type PowerProfile =
  /** Of the whole charger, whatever else is allowed. */
  | { readonly purpose: 'station-max'; readonly limitA: Amperes }
  /** Of every transaction that has no profile of its own. */
  | { readonly purpose: 'tx-default'; readonly limitA: Amperes }
  /** Of one transaction, and only until then by the charger's own clock. */
  | {
      readonly purpose: 'tx'
      readonly connectorId: ConnectorId
      readonly transactionId: TransactionId
      readonly limitA: Amperes
      readonly validUntilS: EpochSeconds
    }

export type TriggeredMessage = 'BootNotification' | 'Heartbeat' | 'MeterValues' | 'StatusNotification'

/** A card as a charger keeps it in its own list. */
export interface ListedToken {
  readonly text: string
  /** IdTokenEnumType of OCPP 2.0.1. */
  readonly type: string
  readonly expiresAtS: EpochSeconds
  readonly group: string | undefined
}

/** One message of a charger's list. After a full one the list is what it says; a change adds, replaces and removes. */
export interface TokenListUpdate {
  readonly version: number
  readonly isFull: boolean
  readonly entries: readonly ListedToken[]
  readonly removed: readonly Pick<ListedToken, 'text' | 'type'>[]
}

export interface TokenListLimits {
  /** Cards that the charger can keep, and that one message may bring; undefined where it does not say. */
  readonly most: number | undefined
  readonly perMessage: number | undefined
}

/** The charger's own list of cards (OCPP: LocalAuthList), by which it starts them while nobody is there to ask. */
export interface TokenListCommands {
  /** 0: it has none. */
  version(): Promise<CommandResult<number>>
  limits(): Promise<TokenListLimits>
  /** `rejected` with the charger's own word, "VersionMismatch" or "Failed", as its detail. */
  send(update: TokenListUpdate): Promise<CommandResult>
  /** Whether the charger may start the cards on it without asking, and nobody else. */
  allowOffline(isAllowed: boolean): Promise<Readonly<Record<string, ConfigurationOutcome>>>
}

/** Commands to one charger, sent one at a time; each resolves within its time limit and never rejects. */
export interface ChargerCommands {
  isConnected(): boolean
  remoteStart(request: RemoteStart): Promise<CommandResult>
  remoteStop(transactionId: TransactionId): Promise<CommandResult>
  unlock(connectorId: ConnectorId): Promise<CommandResult>
  changeConfiguration(key: string, value: string): Promise<CommandResult<'accepted' | 'reboot-required'>>
  trigger(message: TriggeredMessage, connectorId?: ConnectorId): Promise<CommandResult>
  /** A reading of this outlet now, with or without a transaction there; it comes as an event. */
  readMeter(connectorId: ConnectorId): Promise<CommandResult>
  /** With a transaction there, it takes effect when that has ended. */
  changeAvailability(connectorId: ConnectorId, isOperative: boolean): Promise<CommandResult>
  setProfile(profile: PowerProfile): Promise<CommandResult>
  /** Absent where the charger cannot be asked about lists. */
  readonly tokenList?: TokenListCommands | undefined
  /** The one of a bay's transaction, or the default of all. One that is not there is as good as taken away. */
  clearProfile(which: 'tx-default' | { readonly connectorId: ConnectorId }): Promise<CommandResult>
}

/** A charger that may connect. Without a password the identity alone is enough (a closed network). */
export interface KnownCharger {
  readonly identity: ChargePointIdentity
  /** Security profile 1: HTTP basic authentication. */
  readonly password?: string
  /** Which connectors it has. Default: the first EVSE alone, until the charger speaks of others. */
  readonly sockets?: readonly { readonly evseId: number; readonly connectorId: number }[]
}

/** What stands behind passwords that are not in the settings; `password-book.ts` keeps them in a file. */
export interface PasswordBook {
  /** "none": it keeps none for this charger. */
  check(identity: ChargePointIdentity, presented: Uint8Array | undefined): Promise<'right' | 'wrong' | 'none'>
  isRenewalDue(identity: ChargePointIdentity): boolean
  /** A new password to be given to a charger that came with a one-time one, durable already; undefined otherwise. */
  renew(identity: ChargePointIdentity): Promise<string | undefined>
  /** What the charger said to it. */
  answered(identity: ChargePointIdentity, outcome: ConfigurationOutcome): void
}

/** A message as the charger wrote it, which the shell has recorded and which is about to be acknowledged. */
export interface HeardMessage {
  readonly identity: ChargePointIdentity
  readonly action: string
  /** The payload's own text. */
  readonly text: string
  readonly payload: RawPayload
  /** What the charger will be answered. */
  readonly answer: Readonly<Record<string, unknown>>
  readonly atS: EpochSeconds
}

/** Somebody who passes messages on. Called in the order of the messages; it must not throw. */
export interface MessageTap {
  linked(identity: ChargePointIdentity, subprotocol: string): void
  unlinked(identity: ChargePointIdentity): void
  /** Not called for a repeat that was answered from memory. */
  heard(message: HeardMessage): void
}

export interface CentralSystemSettings {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 9220; 0 picks a free port. */
  readonly port?: number
  readonly chargers: readonly KnownCharger[]
  /** Security profile 2: PEM of the site. Then every charger needs a password. Default: none, a closed network. */
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly passwords?: PasswordBook
  /** Whether chargers have lists of cards from us: then what lets them start these by themselves is left as it is. */
  readonly listsTokens?: () => boolean
  /** Default 10 s. Sent as MeterValueSampleInterval. */
  readonly meterIntervalS?: number
  /** Default 10 s. */
  readonly commandTimeoutMs?: DurationMs
  /** Default 30 s; 0 switches WebSocket pings off (virtual time). */
  readonly pingIntervalMs?: DurationMs
  /** Reported times before it are implausible. Default 2024-01-01. */
  readonly clockFloorS?: EpochSeconds
  readonly tap?: MessageTap
}

export interface CentralSystem {
  /** The port that it listens on. */
  readonly port: number
  /** Commands for a known charger, connected or not; undefined for an identity that is not in the settings. */
  charger(identity: ChargePointIdentity): ChargerCommands | undefined
  /** Somebody else's question in the charger's own words, in the queue of our commands and under their time limit. */
  relay(
    identity: ChargePointIdentity,
    action: string,
    payload: RawPayload,
  ): Promise<CommandResult<RawPayload>>
  /** No message is being handled and no command waits for its answer: simulated time may go on. */
  isQuiet(): boolean
  /** Cuts every link and settles when nothing is being handled any more; then a journal may be closed. */
  close(): Promise<void>
}

/** Why listening failed: somebody else has the port, or the host is not ours to listen on. */
export interface ListenError {
  readonly code: 'address-in-use' | 'address-unavailable' | 'listen-failed'
  readonly detail: string
}

/** Implemented by `startCentralSystem` in `central-system.ts`, which also takes the Clock and Timers ports. */
export type StartedCentralSystem = Result<CentralSystem, ListenError>
