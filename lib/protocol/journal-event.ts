/**
 * What a charger writes into its log before it acts, and what the cloud reads out of its bundles. On disk and on the
 * wire an event is the deterministic CBOR array `[kind, fields]`; its bytes are the Merkle leaf. Signed messages
 * stand inside as the exact bytes that were received or sent.
 */

import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import type { Bytes } from '@/lib/core/bytes'
import { decodeCborInPlace, encodeCbor, type CborValue, type DecodeFault } from './cbor'
import { CborReader } from './cbor-reader'
import {
  clockQualityField,
  durationField,
  energyField,
  epochField,
  serialField,
  sessionIdField,
  timeField,
} from './common-fields'
import {
  at,
  bytesUpTo,
  choice,
  integer,
  label,
  list,
  optional,
  struct,
  text,
  tuple,
  uint,
  type Field,
  type PayloadOf,
} from './fields'
import { stopReasons } from './messages/receipt'

const messageBytes = bytesUpTo(limits.messageBytesMax)

/** What a seal keeps shut, and its number; a charger has one at its meter and one or two at its housing. */
export const sealsField = list(tuple({ place: label(24), number: label(32) }), 8)

/** At the touchscreen, or at a computer on the charger's own network. */
export const technicianPlaces = ['screen', 'lan'] as const

const standingSeconds = uint(86_400)

/** Of one bay on one day; lib/telemetry says what each of them means. */
const bayDayField = tuple({
  connectorId: uint(255),
  up: standingSeconds,
  faulted: standingSeconds,
  silent: standingSeconds,
  takenOut: standingSeconds,
  closed: standingSeconds,
  dark: standingSeconds,
})

const fields = {
  /** The controller started; sessions that were open before are resumed or ended by later events. */
  boot: struct({
    timeS: at(1, timeField),
    clockQuality: at(2, clockQualityField),
    version: at(3, label(40)),
  }),
  /** An authorization was accepted. Durable before the contactor may close and before the answer is shown. */
  accepted: struct({
    timeS: at(1, timeField),
    connectorId: at(2, uint(255)),
    offer: at(3, messageBytes),
    authorization: at(4, messageBytes),
    grant: at(5, messageBytes),
    answer: at(6, messageBytes),
    passkeyAssertion: optional(7, messageBytes),
  }),
  /** A decline that is pinned: the same authorization will always get this answer. */
  declined: struct({
    timeS: at(1, timeField),
    connectorId: at(2, uint(255)),
    authorization: at(3, messageBytes),
    grant: at(4, messageBytes),
    answer: at(5, messageBytes),
  }),
  /** The charger reports the transaction as started. */
  started: struct({
    timeS: at(1, timeField),
    sessionId: at(2, sessionIdField),
    transactionId: at(
      3,
      integer((value) => value, { max: 2_147_483_647 }),
    ),
    meterStartWh: at(4, energyField),
  }),
  /** Progress, at least every 10 s while charging, so that a power cut costs nobody more than that. */
  metered: struct({
    timeS: at(1, timeField),
    sessionId: at(2, sessionIdField),
    registerWh: at(3, energyField),
    chargingS: at(4, durationField),
    idleS: at(5, durationField),
  }),
  /** Somebody or something asked the session to stop. */
  stopping: struct({
    timeS: at(1, timeField),
    sessionId: at(2, sessionIdField),
    stopReason: at(3, choice(stopReasons)),
    /** The wallet's signed stop, where it was that. */
    stop: optional(4, messageBytes),
  }),
  /** The final, signed receipt. */
  ended: struct({
    timeS: at(1, timeField),
    sessionId: at(2, sessionIdField),
    receipt: at(3, messageBytes),
  }),
  /** Something that somebody should look at: garbage from a charger, a clock jump, a meter that ran back. */
  incident: struct({
    timeS: at(1, timeField),
    what: at(
      2,
      text(/^[a-z][a-z0-9.-]{0,47}$/, (value) => value),
    ),
    detail: at(
      3,
      text(/^[^\p{C}]{0,400}$/u, (value) => value),
    ),
    sessionId: optional(4, sessionIdField),
  }),
  /** News from the issuer that took effect. */
  news: struct({
    timeS: at(1, timeField),
    policySequence: at(2, epochField),
    revocationEpoch: at(3, epochField),
    trustSequence: at(4, epochField),
    /** Issuer's messages that came by a phone's code rather than by the charger's own road. */
    carried: optional(5, uint(255)),
  }),
  /** A bearer was accepted: the charger's own record stands where a wallet's authorization would. */
  'bearer-accepted': struct({
    timeS: at(1, timeField),
    connectorId: at(2, uint(255)),
    offer: at(3, messageBytes),
    record: at(4, messageBytes),
    voucher: at(5, messageBytes),
  }),
  /**
   * What the meter itself signed about a session, byte for byte: those that the receipt names by their hash, beside the
   * session's end; and, whenever they come, such as contradict somebody's signature.
   */
  'meter-records': struct({
    timeS: at(1, timeField),
    sessionId: at(2, sessionIdField),
    records: at(3, list(bytesUpTo(limits.meterRecordBytesMax), limits.meterRecordsKeptMax, 1)),
    /** The public key as the charger passed it on. */
    key: optional(
      4,
      text(/^[\x20-\x7e\s]{1,512}$/, (value) => value),
    ),
  }),
  /** A technician put on seals, or found these whole: what the next one has to find. */
  sealed: struct({
    timeS: at(1, timeField),
    /** Of the technician's pass. */
    by: at(2, serialField),
    seals: at(3, sealsField),
  }),
  /** A card was let in before there was a session for it: no vehicle was plugged in yet, or more than one. */
  'card-let-in': struct({
    timeS: at(1, timeField),
    /** Of its voucher; the token's number stands nowhere. */
    serial: at(2, serialField),
    /** Of the list that it was found on. */
    listVersion: at(3, epochField),
  }),
  /** A list of cards took effect. */
  'list-adopted': struct({
    timeS: at(1, timeField),
    version: at(2, epochField),
    cards: at(3, uint(limits.localListPartsMax * limits.localListPartEntriesMax)),
  }),
  /** Somebody with a pass opened technician mode: what was asked, the answer, and the pass. */
  'technician-entered': struct({
    timeS: at(1, timeField),
    challenge: at(2, messageBytes),
    entry: at(3, messageBytes),
    pass: at(4, messageBytes),
  }),
  /** What was done in technician mode. */
  'technician-acted': struct({
    timeS: at(1, timeField),
    /** Of the technician's pass. */
    by: at(2, serialField),
    act: at(
      3,
      text(/^[a-z][a-z-]{0,31}$/, (value) => value),
    ),
    /** What came of it. */
    detail: at(
      4,
      text(/^[^\p{C}]{0,200}$/u, (value) => value),
    ),
    place: at(5, choice(technicianPlaces)),
    connectorId: optional(6, uint(255)),
  }),
  /** The site's own CSMS asked for something that changes what a charger does. */
  'site-command': struct({
    timeS: at(1, timeField),
    /** As it is called at this controller. */
    charger: at(2, label(48)),
    /** OCPP action. */
    action: at(3, label(40)),
    /** What it was answered. */
    outcome: at(4, label(40)),
    /** The session that it was about. */
    sessionId: optional(5, sessionIdField),
  }),
  /** One day (UTC, since 1970) that is over: seconds of each bay, by why it could or could not charge. */
  telemetry: struct({
    timeS: at(1, timeField),
    day: at(2, uint(2_932_896)),
    bays: at(3, list(bayDayField, limits.telemetryBaysMax)),
  }),
} as const

export type JournalEventKind = keyof typeof fields
type EventFields = { readonly [K in JournalEventKind]: PayloadOf<(typeof fields)[K]> }
export type JournalEvent = {
  [K in JournalEventKind]: { readonly kind: K } & EventFields[K]
}[JournalEventKind]
export type EventOf<K extends JournalEventKind> = Extract<JournalEvent, { kind: K }>

const wireNumbers = {
  boot: 1,
  accepted: 2,
  declined: 3,
  started: 4,
  metered: 5,
  stopping: 6,
  ended: 7,
  incident: 8,
  news: 9,
  'bearer-accepted': 10,
  'meter-records': 11,
  sealed: 12,
  'card-let-in': 13,
  'list-adopted': 14,
  'technician-entered': 15,
  'technician-acted': 16,
  'site-command': 19,
  telemetry: 20,
} as const satisfies Record<JournalEventKind, number>

const kindsByNumber: readonly (JournalEventKind | undefined)[] = Object.entries(wireNumbers).reduce<
  JournalEventKind[]
>((kinds, [kind, wire]) => {
  kinds[wire] = kind as JournalEventKind
  return kinds
}, [])

export function encodeJournalEvent(event: JournalEvent): Bytes {
  const { kind, ...rest } = event
  return encodeCbor([wireNumbers[kind], (fields[kind] as Field<unknown>).encode(rest)])
}

/** Messages in it are parts of `bytes`. */
export function decodeJournalEvent(bytes: Uint8Array): Result<JournalEvent, DecodeFault> {
  const known = bytes.length > limits.eventBytesMax ? undefined : readEvent(bytes)
  return known === undefined ? decodeEvent(bytes) : ok(known)
}

/** In one go; undefined for the slower way to say what is wrong. */
function readEvent(bytes: Uint8Array): JournalEvent | undefined {
  const reader = new CborReader(bytes, true)
  if (reader.openArray() !== 2) return undefined
  const kind = kindsByNumber[reader.takeUnsigned() ?? -1]
  const value = kind === undefined ? undefined : (fields[kind] as Field<object>).read?.(reader)
  return value === undefined || !reader.isAtEnd() ? undefined : ({ kind, ...value } as JournalEvent)
}

function decodeEvent(bytes: Uint8Array): Result<JournalEvent, DecodeFault> {
  const decoded = decodeCborInPlace(bytes, limits.eventBytesMax)
  if (!decoded.ok) return decoded
  const [wire, body] = Array.isArray(decoded.value) ? (decoded.value as readonly CborValue[]) : []
  const kind = typeof wire === 'number' ? kindsByNumber[wire] : undefined
  if (kind === undefined || body === undefined || (decoded.value as readonly unknown[]).length !== 2) {
    return err({ kind: 'wrong-shape', path: 'event', expected: '[kind, fields]' })
  }
  const value = (fields[kind] as Field<object>).decode(body, kind)
  return value.ok ? ok({ kind, ...value.value } as JournalEvent) : value
}

/** Text that an incident may carry: control characters removed, cut to the field's length. */
export const incidentDetail = (text: string): string => text.replaceAll(/\p{C}/gu, ' ').slice(0, 400)
