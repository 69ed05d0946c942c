/**
 * One session in as few bytes as its proof allows: offer, authorization and receipt as they were signed, without whatever
 * follows from the session before it in the same letter, from the grant, or from the tariff. What is left out is worked
 * out again, so that the very bytes come back that phone and charger signed: nobody has to believe whoever carried them,
 * and what takes in the messages cannot tell by which road they came.
 *
 * Each message is written as its difference from an expected one: a number as how much more it is, anything else as it is,
 * `false` where the expected key is missing. Pure; both ends must expect the same, which is what the version of a letter says.
 */

import { concat, equalBytes, fromHex, toHex } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial, type MessageHash } from '@/lib/core/ids'
import { recomputeBill } from '@/lib/policy/receipt-bill'
import { encodeCbor, type CborMap, type CborValue } from '@/lib/protocol/cbor'
import {
  signedMessageBytes,
  parseMessage,
  type MessageType,
  type ParsedMessage,
} from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'

/** What settles one session. The operator has its grants in its own books. */
export interface SignedSession {
  readonly serial: GrantSerial
  readonly grantHash: MessageHash
  readonly offer: ParsedMessage<Offer>
  readonly authorization: ParsedMessage<Authorization>
  readonly receipt: ParsedMessage<Receipt>
}

const signatureBytes = 64
const serialBytes = 8

/** `[offer, authorization, receipt, serial, signatures]`, the first three as differences. `before`: in the same letter. */
export function compactSession(session: SignedSession, before: SignedSession | undefined): CborValue {
  const { serial, grantHash, offer: offered, authorization: consent, receipt: bill } = session
  return [
    differences(offer, offered.payload, expectedOffer(before)),
    differences(authorization, consent.payload, expectedAuthorization(offered, grantHash)),
    differences(receipt, bill.payload, expectedReceipt(offered, consent, before)),
    fromHex(serial),
    concat(offered.signature, consent.signature, bill.signature),
  ]
}

/** Whose grant it is, so that it can be looked up before the rest is read. */
export function serialIn(compact: CborValue): GrantSerial | undefined {
  const bytes = Array.isArray(compact) ? (compact as readonly CborValue[])[3] : undefined
  return bytes instanceof Uint8Array && bytes.length === serialBytes ? grantSerial(toHex(bytes)) : undefined
}

/** Undefined where it is none, or does not come to messages of the protocol. */
export function expandSession(
  compact: CborValue,
  grantHash: MessageHash,
  before: SignedSession | undefined,
): SignedSession | undefined {
  const serial = serialIn(compact)
  if (serial === undefined || !Array.isArray(compact) || compact.length !== 5) return undefined
  const [offerParts, consentParts, billParts, , signatures] = compact as readonly CborValue[]
  if (!(signatures instanceof Uint8Array) || signatures.length !== 3 * signatureBytes) return undefined
  const signature = (index: number) => signatures.slice(index * signatureBytes, (index + 1) * signatureBytes)
  const offered = rebuilt(offer, offerParts, signature(0), expectedOffer(before))
  if (offered === undefined) return undefined
  const consent = rebuilt(
    authorization,
    consentParts,
    signature(1),
    expectedAuthorization(offered, grantHash),
  )
  if (consent === undefined) return undefined
  const bill = rebuilt(receipt, billParts, signature(2), expectedReceipt(offered, consent, before))
  return bill && { serial, grantHash, offer: offered, authorization: consent, receipt: bill }
}

/** A message while it is put together. */
type Draft = Map<number, CborValue>

/** What is expected of some keys of a message once everything before them is known; nothing is another good guess. */
interface Stage {
  readonly keys: readonly number[]
  readonly of: (known: Draft) => Draft
}

/** At first sight, and then stage by stage. Keys that stand nowhere here are written as they are. */
interface Expected {
  readonly first: Draft
  readonly later: readonly Stage[]
}

const synchronised = 2
const usualTimeToLiveS = 300

function expectedOffer(before: SignedSession | undefined): Expected {
  if (before === undefined) {
    // Keys of outpost.cddl: connector, time, clock, time to live, roads.
    return { first: new Map([2, 3, 4, 5, 10].map((key) => [key, usualOffer[key] ?? 0])), later: [] }
  }
  const first = mapOf(offer, before.offer.payload)
  first.delete(1)
  return { first, later: [] }
}

const usualOffer: Readonly<Record<number, number>> = { 2: 1, 4: synchronised, 5: usualTimeToLiveS }

/** Keys: offer 1, hold 2, seq 3, previous 4, gross 5, released 6, time 7, epoch 8, grant 9. */
function expectedAuthorization(offered: ParsedMessage<Offer>, grantHash: MessageHash): Expected {
  const { maximumHoldMinor, timeS, revocationEpoch } = offered.payload
  return {
    first: new Map<number, CborValue>([
      [1, fromHex(offered.hash)],
      [2, maximumHoldMinor],
      [3, 1],
      [6, 0],
      [7, timeS],
      [8, revocationEpoch],
      [9, fromHex(grantHash)],
    ]),
    later: [
      {
        keys: [4, 5],
        // The first of a grant follows the grant itself, and nothing was held before it.
        of: (known) => {
          const gross = numberIn(known, 2) + numberIn(known, 6)
          const link: Draft = known.get(3) === 1 ? new Map([[4, fromHex(grantHash)]]) : new Map()
          return link.set(5, gross)
        },
      },
    ],
  }
}

/**
 * Keys: session 1, counter 2, previous 3, registers 4 and 5, start 6, charging 7, idle 8, currency 9, total 10, lines 11,
 * tax 12, reason 13, clock 14.
 */
function expectedReceipt(
  offered: ParsedMessage<Offer>,
  consent: ParsedMessage<Authorization>,
  before: SignedSession | undefined,
): Expected {
  const { tariff, clockQuality } = offered.payload
  const first = new Map<number, CborValue>([
    [1, fromHex(consent.hash)],
    [6, consent.payload.timeS],
    [8, 0],
    [9, tariff.currency],
    [13, 0],
    [14, clockQuality === 'synchronised' ? synchronised : 0],
  ])
  if (before !== undefined) {
    const { counter, meterStopWh } = before.receipt.payload
    for (const [key, value] of [
      [2, counter + 1],
      [3, fromHex(before.receipt.hash)],
      [4, meterStopWh],
    ] as const)
      first.set(key, value)
  }
  return {
    first,
    later: [
      { keys: [5], of: (known) => new Map([[5, numberIn(known, 4)]]) },
      { keys: [10, 11, 12], of: (known) => expectedBill(known, offered.payload, consent.payload) },
    ],
  }
}

/** What the tariff makes of the registers and times. */
function expectedBill(known: Draft, offered: Offer, consent: Authorization): Draft {
  const unbilled: Draft = new Map([...known, [10, 0], [11, [0, 0, 0, 0]], [12, 0]])
  const read = receipt.payload.decode(unbilled, receipt.name)
  const bill = read.ok ? recomputeBill(read.value, offered, consent.holdMinor) : undefined
  if (bill === undefined) return new Map()
  const { energyMinor, timeMinor, sessionMinor, idleMinor } = bill.lines
  return new Map<number, CborValue>([
    [10, bill.totalMinor],
    [11, [energyMinor, timeMinor, sessionMinor, idleMinor]],
    [12, bill.taxMinor],
  ])
}

const numberIn = (map: Draft, key: number): number => {
  const value = map.get(key)
  return typeof value === 'number' ? value : 0
}

function mapOf<T>(type: MessageType<T>, payload: T): Draft {
  const value = type.payload.encode(payload)
  if (!(value instanceof Map)) throw new Error(`A ${type.name} is no map`)
  return new Map(value as Draft)
}

function differences<T>(type: MessageType<T>, payload: T, expected: Expected): CborMap {
  const whole = mapOf(type, payload)
  const told: Draft = new Map()
  const known: Draft = new Map()
  const take = (key: number, guess: CborValue | undefined): void => {
    const value = whole.get(key)
    if (value === undefined) {
      if (guess !== undefined) told.set(key, false)
      return
    }
    known.set(key, value)
    if (guess === undefined) told.set(key, value)
    else if (typeof value === 'number' && typeof guess === 'number') {
      if (value !== guess) told.set(key, value - guess)
    } else if (!equalBytes(encodeCbor(value), encodeCbor(guess))) told.set(key, value)
  }
  walk(expected, whole.keys(), known, take)
  return told
}

/** Every key once, in an order that both ends have: what is expected at first, what nobody expects, then the stages. */
function walk(
  { first, later }: Expected,
  others: Iterable<number>,
  known: Draft,
  take: (key: number, guess: CborValue | undefined) => void,
): void {
  const staged = new Set(later.flatMap(({ keys }) => keys))
  for (const [key, guess] of first) take(key, guess)
  for (const key of others) if (!first.has(key) && !staged.has(key)) take(key, undefined)
  for (const { keys, of } of later) {
    const guesses = of(known)
    for (const key of keys) take(key, guesses.get(key))
  }
}

function rebuilt<T>(
  type: MessageType<T>,
  told: CborValue | undefined,
  signature: Uint8Array,
  expected: Expected,
): ParsedMessage<T> | undefined {
  if (!(told instanceof Map)) return undefined
  const known: Draft = new Map()
  const differs = told as Draft
  walk(expected, differs.keys(), known, (key, guess) => {
    const value = differs.get(key)
    if (value === undefined) {
      if (guess !== undefined) known.set(key, guess)
    } else if (typeof value === 'number' && typeof guess === 'number') known.set(key, guess + value)
    else if (value !== false) known.set(key, value)
  })
  // Its own field refuses what is out of range before anything is signed for.
  const payload = type.payload.decode(known, type.name)
  if (!payload.ok) return undefined
  const parsed = parseMessage(type, signedMessageBytes(encodeCbor(known), signature))
  return parsed.ok ? parsed.value : undefined
}
