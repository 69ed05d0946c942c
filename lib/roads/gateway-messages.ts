/**
 * What a charger and its site's gateway say to each other inside their TLS connection, as CBOR. `hello` brings papers and
 * fetches a nonce, `greet` proves the charger's key, and `exchange` does everything about parcels in one round: hands one over,
 * says which answers have been taken, and brings what waits. All of it may be repeated at will. What they tell each other
 * about the site itself: `gateway-site-messages.ts`.
 */

import type { Bytes } from '@/lib/core/bytes'
import { parcelId, type ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { Result } from '@/lib/core/result'
import { decodeCborInPlace, encodeCbor, type DecodeFault } from '@/lib/protocol/cbor'
import {
  at,
  bytesUpTo,
  choice,
  hexBytes,
  list,
  optional,
  struct,
  uint,
  type Field,
} from '@/lib/protocol/fields'

const idField = hexBytes(16, parcelId)
const hex = (length: number): Field<string> => hexBytes(length, (text) => text)
const message = bytesUpTo(limits.messageBytesMax)

/** Longest that the gateway holds a question open while its uplink brings the answer. */
export const gatewayWaitMsMax = 15_000

const helloWire = struct({
  certificate: at(1, message),
  /** The newest that the charger knows: the gateway learns it from whoever comes. */
  trustList: at(2, message),
})

const nonceWire = struct({ nonce: at(1, hex(16)) })

const greetWire = struct({
  nonce: at(1, hex(16)),
  /** A `gateway-greeting`, signed by the key of the certificate that came with the hello. */
  greeting: at(2, message),
})

const welcomeWire = struct({ token: at(1, hex(32)) })

const callWire = struct({
  /** Answers that are on the charger's disk, or worth nothing to it: the gateway may forget them. */
  taken: at(1, list(idField, limits.gatewayAnswersPerChargerMax)),
  /** Parcels of this charger that another one has made superfluous. */
  withdrawn: at(2, list(idField, limits.gatewayParcelsPerChargerMax)),
  parcel: optional(3, bytesUpTo(limits.parcelBytesMax)),
  /** How long the gateway may wait for the answer to `parcel`. */
  waitMs: optional(4, uint(gatewayWaitMsMax)),
})

/** `spent`: the day's budget is used up. */
export const uplinkStates = ['up', 'down', 'spent'] as const
export type UplinkState = (typeof uplinkStates)[number]

/**
 * What became of the parcel. `kept` is on the gateway's disk; `answered` is among the answers; `full`: no room for it;
 * `refused`: the operator does not take it, for a reason that the gateway was told in the clear.
 */
export const parcelFates = ['none', 'kept', 'answered', 'full', 'unreadable', 'refused'] as const
export type ParcelFate = (typeof parcelFates)[number]

const replyWire = struct({
  uplink: at(1, choice(uplinkStates)),
  fate: at(2, choice(parcelFates)),
  /** Every parcel of this charger that the gateway keeps. */
  held: at(3, list(idField, limits.gatewayParcelsPerChargerMax)),
  /** The oldest first. They come again until they are `taken`. */
  answers: at(4, list(bytesUpTo(limits.parcelAnswerBytesMax), limits.gatewayAnswersPerExchangeMax)),
})

export interface Wire<T> {
  encode(value: T): Bytes
  decode(bytes: Uint8Array): Result<T, DecodeFault>
}

/** A message between the two, as CBOR of a bounded length. */
export function wire<T>(field: Field<T>, name: string, bytesMax: number): Wire<T> {
  return {
    encode: (value) => encodeCbor(field.encode(value)),
    decode: (bytes) => {
      const decoded = decodeCborInPlace(bytes, bytesMax)
      return decoded.ok ? field.decode(decoded.value, name) : decoded
    },
  }
}

/** Everything but an exchange. */
export const gatewayPapersBytesMax = 2 * limits.messageBytesMax + 256
/** Ids beside the one parcel. */
export const gatewayCallBytesMax = limits.parcelBytesMax + 16_384

export const helloMessage = wire(helloWire, 'hello', gatewayPapersBytesMax)
export const nonceMessage = wire(nonceWire, 'nonce', 256)
export const greetMessage = wire(greetWire, 'greet', gatewayPapersBytesMax)
export const welcomeMessage = wire(welcomeWire, 'welcome', 256)
export const callMessage = wire(callWire, 'call', gatewayCallBytesMax)
export const replyMessage = wire(replyWire, 'reply', limits.gatewayExchangeBytesMax + 16_384)

export interface GatewayCall {
  readonly taken: readonly ParcelId[]
  readonly withdrawn: readonly ParcelId[]
  readonly parcel?: Uint8Array
  readonly waitMs?: number
}

export interface GatewayReply {
  readonly uplink: UplinkState
  readonly fate: ParcelFate
  readonly held: readonly ParcelId[]
  readonly answers: readonly Uint8Array[]
}

export const gatewayPaths = {
  hello: '/v1/hello',
  greet: '/v1/greet',
  exchange: '/v1/exchange',
  site: '/v1/site',
  reserve: '/v1/reserve',
} as const
