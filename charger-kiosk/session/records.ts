/**
 * The rows that stand beside the journal and change in the same transaction as its events, so that a boot reads a few
 * rows and replays nothing. One codec a table, strict in both directions.
 */

import type { Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { Result } from '@/lib/core/result'
import { decodeCbor, encodeCbor, type DecodeFault } from '@/lib/protocol/cbor'
import {
  amountField,
  durationField,
  energyField,
  epochField,
  hashField,
  keyField,
  serialField,
  sessionIdField,
  timeField,
} from '@/lib/protocol/common-fields'
import {
  at,
  boolean,
  bytesUpTo,
  choice,
  list,
  optional,
  struct,
  text,
  tuple,
  uint,
  type Field,
  type PayloadOf,
} from '@/lib/protocol/fields'
import { sealsField } from '@/lib/protocol/journal-event'
import { stopReasons } from '@/lib/protocol/messages/receipt'
import { spendProofField } from '@/lib/sync/spend-proof'

/**
 * - `meta`: one row each for what the charger knows about itself and its issuer;
 * - `chain`: the last that this charger saw of each grant, by serial;
 * - `session`: the messages of each session, by session id;
 * - `declined`: pinned declines, by hash of the authorization;
 * - `open`: the session that runs at a connector, by connector id;
 * - `unsettled`: money of sessions that the issuer has not confirmed, by session id;
 * - `permit`: vetoes and raises of the issuer as it signed them, by what they are about;
 * - `spent`: where this charger's journal is its site's book, the spends of each site-bound grant, by serial;
 * - `meter`: the first record that the meter signed about the session at a connector, by connector id;
 * - `site-spend`: what is known of every grant's spends at the site, each with its proof, by the authorization's hash;
 * - `bearer`: what each printed card or token has spent here, by serial;
 * - `listed`: the issuer's list of the site's cards, by part;
 * - `begun`: transactions that chargers began by themselves with a card, by what names them;
 * - `price`: policies that held here before, by sequence, for sessions that become known late.
 */
export type KioskTable =
  | 'meta'
  | 'chain'
  | 'session'
  | 'declined'
  | 'open'
  | 'unsettled'
  | 'permit'
  | 'spent'
  | 'site-spend'
  | 'meter'
  | 'bearer'
  | 'listed'
  | 'begun'
  | 'price'

const messageBytes = bytesUpTo(limits.messageBytesMax)

const chainField = struct({
  seq: at(1, uint(1_000)),
  hash: at(2, hashField),
  grossMinor: at(3, amountField),
  releasedMinor: at(4, amountField),
  /** The issuer confirmed a session of this grant here that cost something. */
  confirmed: at(5, boolean),
  seenAtS: at(6, timeField),
  /** End of the grant: the row may go some time later. */
  expiresAtS: at(7, timeField),
  /** Days since 1970 (UTC) and what the grant held or spent here on that day, for fleet rules. */
  day: at(8, uint(4_000_000)),
  dayMinor: at(9, amountField),
})
export type ChainRow = PayloadOf<typeof chainField>

const sessionField = struct({
  connectorId: at(1, uint(255)),
  serial: at(2, serialField),
  offer: at(3, messageBytes),
  /** Both, unless a bearer was accepted, who signs nothing. */
  authorization: optional(4, messageBytes),
  grant: optional(5, messageBytes),
  answer: at(6, messageBytes),
  acceptedAtS: at(7, timeField),
  receipt: optional(8, messageBytes),
  endedAtS: optional(9, timeField),
  /** The charger's own record of a bearer. */
  record: optional(10, messageBytes),
  /** The key of this charger that signed the offer and signs everything else of this session. Absent: its first. */
  key: optional(11, keyField),
})
export type SessionRow = PayloadOf<typeof sessionField>

const declinedField = struct({
  answer: at(1, messageBytes),
  declinedAtS: at(2, timeField),
  expiresAtS: at(3, timeField),
})

export const openStages = ['starting', 'charging', 'stopping'] as const

const openField = struct({
  sessionId: at(1, sessionIdField),
  stage: at(2, choice(openStages)),
  stopTriesLeft: at(3, uint(limits.stopCodeTriesMax)),
  /** Shown again when the controller restarts within the minute in which the screen shows it. */
  stopCode: at(
    4,
    text(/^\d{6}$/, (value) => value),
  ),
  /** When this row was written: the last that is known of the session. */
  atS: at(5, timeField),
  durationMaxS: at(6, durationField),
  energyMaxWh: at(7, energyField),
  transactionId: optional(8, uint(2_147_483_647)),
  meterStartWh: optional(9, energyField),
  startS: optional(10, timeField),
  registerWh: optional(11, energyField),
  chargingS: at(12, durationField),
  idleS: at(13, durationField),
  stopReason: optional(14, choice(stopReasons)),
  /** The session ended, with these last figures; only the receipt's signature is missing. */
  final: at(15, boolean),
  /** The figures at the announced change of price, once it has taken effect. */
  atChange: optional(16, tuple({ registerWh: energyField, chargingS: durationField, idleS: durationField })),
  /** Of what the meter signed, once the session has ended. */
  meterRecordHash: optional(17, hashField),
  /** True where a card opened it: the charger is never told to start it. */
  byCard: optional(18, boolean),
  /** What the policy's class and rules gave this session. */
  powerMaxW: optional(30, uint(4_000_000)),
  weight: optional(31, uint(100)),
})
export type OpenRow = PayloadOf<typeof openField>

const unsettledField = struct({
  serial: at(1, serialField),
  /** The hold while the session is open, then what was billed. */
  amountMinor: at(2, amountField),
  /** Counts towards the charger's exposure: neither site-bound nor fleet. */
  roaming: at(3, boolean),
  ended: at(4, boolean),
  /** Where the `ended` event stands in the log. */
  epoch: at(5, epochField),
  seq: at(6, epochField),
  /** Of the receipt, once there is one: the issuer confirms by it. */
  counter: optional(7, epochField),
  /** The issuer holds the receipt: no longer at stake unseen, and not yet confirmed as settled. */
  acknowledged: optional(8, boolean),
})
export type UnsettledRow = PayloadOf<typeof unsettledField>

const spentField = struct({
  /** Two of one seq at most, and a seq is at most 1,000. */
  spends: at(
    1,
    list(
      tuple({ seq: uint(1_000), hash: hashField, grossMinor: amountField, releasedMinor: amountField }),
      2_000,
    ),
  ),
})

const meterField = struct({
  record: at(1, bytesUpTo(limits.meterRecordBytesMax)),
  /** The public key as it came, in UTF-8. */
  key: optional(2, bytesUpTo(limits.meterKeyCharsMax * 4)),
})

const bearerField = struct({
  /** Holds of running sessions and bills of ended ones. */
  spentMinor: at(1, amountField),
  expiresAtS: at(2, timeField),
})
export type BearerRow = PayloadOf<typeof bearerField>

const begunField = struct({
  /** Absent: it was refused, and no session stands on it. */
  sessionId: optional(1, sessionIdField),
  transactionId: at(2, uint(2_147_483_647)),
  atS: at(3, timeField),
})

const priceField = struct({
  policy: at(1, messageBytes),
  /** When this charger had it first: before that it could sell nothing by it. */
  heldFromS: at(2, timeField),
})

/** What was last sent to a charger as its own list (OCPP, SendLocalList). */
const pushedField = struct({ version: at(1, uint(2_147_483_647)), digest: at(2, hashField) })
export type PushedRow = PayloadOf<typeof pushedField>

/** What deltas added since the last whole list of revocations. */
const revokedSinceField = struct({
  epoch: at(1, epochField),
  /** Short ids of four bytes each. */
  shortIds: at(2, bytesUpTo(limits.revokedShortIdsMax * 4)),
})

const sealsRowField = struct({ seals: at(1, sealsField) })

/** Bays that a technician closed, until one opens them again. */
const outOfServiceField = struct({ bays: at(1, list(uint(255), 64)) })

/** What has gone by satellite, and what is under way. */
const letterField = struct({
  /** Of the last receipt that the operator need not be sent again by letter. */
  toldCounter: at(1, epochField),
  underWay: optional(
    2,
    struct({
      letter: at(1, epochField),
      counters: at(2, list(epochField, limits.letterSessionsMax, 1)),
      sealed: at(3, bytesUpTo(limits.letterBytesMax)),
      answerKey: at(4, bytesUpTo(32)),
      /** Of the modem that it was cut for. */
      messageBytesMax: at(5, uint(limits.letterBytesMax)),
      /** One bit a part. */
      sentParts: at(6, uint(65_535)),
      /** When the last part went. */
      sentAtS: optional(7, timeField),
    }),
  ),
})
export type LetterRow = PayloadOf<typeof letterField>
export type LetterUnderWay = NonNullable<LetterRow['underWay']>

const clockField = struct({ floorS: at(1, timeField), agreedAtS: optional(2, timeField) })
const countersField = struct({
  /** Of the last receipt; the next one is one higher. */
  receiptCounter: at(1, epochField),
  receiptHash: at(2, hashField),
  /** Last OCPP transaction id given out. */
  transactionId: at(3, uint(2_147_483_647)),
})
export type CountersRow = PayloadOf<typeof countersField>

/** Keys of `meta`. Messages are stored as their signed bytes. */
export const metaKeys = {
  root: 'root',
  certificate: 'certificate',
  trustList: 'trust-list',
  pastTrust: 'trust-past',
  renewedCertificate: 'certificate-renewed',
  policy: 'policy',
  nextPolicy: 'policy-next',
  revocations: 'revocations',
  revokedSince: 'revocations-since',
  checkpoint: 'checkpoint',
  clock: 'clock',
  counters: 'counters',
  seals: 'seals',
  outOfService: 'out-of-service',
  letter: 'letter',
} as const

interface RowCodec<T> {
  encode(row: T): Bytes
  decode(bytes: Uint8Array): Result<T, DecodeFault>
}

const codec = <T>(name: string, field: Field<T>): RowCodec<T> => ({
  encode: (row) => encodeCbor(field.encode(row)),
  decode: (bytes) => {
    const value = decodeCbor(bytes, limits.projectionRowBytesMax)
    return value.ok ? field.decode(value.value, name) : value
  },
})

export const rows = {
  chain: codec('chain', chainField),
  session: codec('session', sessionField),
  declined: codec('declined', declinedField),
  open: codec('open', openField),
  unsettled: codec('unsettled', unsettledField),
  spent: codec('spent', spentField),
  siteSpend: codec('site-spend', spendProofField),
  meter: codec('meter', meterField),
  bearer: codec('bearer', bearerField),
  begun: codec('begun', begunField),
  price: codec('price', priceField),
  pushed: codec('pushed', pushedField),
  revokedSince: codec('revoked-since', revokedSinceField),
  clock: codec('clock', clockField),
  counters: codec('counters', countersField),
  seals: codec('seals', sealsRowField),
  outOfService: codec('out-of-service', outOfServiceField),
  letter: codec('letter', letterField),
} as const
