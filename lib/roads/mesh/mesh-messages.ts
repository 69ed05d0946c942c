/**
 * The one question that neighbours ask each other, as CBOR: what is here and which answers are wanted; and what comes back. It may
 * be lost, repeated and overtaken at will.
 */

import { fromHex, toHex } from '@/lib/core/bytes'
import { parcelId, type ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok } from '@/lib/core/result'
import {
  at,
  bytesUpTo,
  list,
  optional,
  struct,
  uint,
  type Field,
  type PayloadOf,
} from '@/lib/protocol/fields'
import { wire } from '../gateway-messages'

/**
 * Values of one length, one behind the other in one byte string: a message has fewer CBOR entries than a shelf that somebody has
 * filled to the brim has parcels, and whoever is flooded must still be able to ask.
 */
function packed<T>(
  length: number,
  { toHexOf, ofHex }: { toHexOf(value: T): string; ofHex(hex: string): T | undefined },
): Field<readonly T[]> {
  const packedBytes = bytesUpTo(length * limits.meshIdsMax)
  return {
    encode: (values) => packedBytes.encode(fromHex(values.map(toHexOf).join(''))),
    decode: (value, path) => {
      const whole = packedBytes.decode(value, path)
      if (!whole.ok) return whole
      const wrong = err({ kind: 'wrong-shape', path, expected: `values of ${length} bytes` } as const)
      if (whole.value.length % length !== 0) return wrong
      const values: T[] = []
      for (let from = 0; from < whole.value.length; from += length) {
        const one = ofHex(toHex(whole.value.subarray(from, from + length)))
        if (one === undefined) return wrong
        values.push(one)
      }
      return ok(values)
    },
  }
}

const idsField = packed<ParcelId>(16, { toHexOf: (id) => id, ofHex: parcelId })
const digestsField = packed<string>(8, { toHexOf: (digest) => digest, ofHex: (hex) => hex })

interface MeshParcel {
  readonly id: ParcelId
  /** Neighbours that it may still pass. */
  readonly hopsLeft: number
}

const parcelsField = packed<MeshParcel>(17, {
  toHexOf: ({ id, hopsLeft }) => id + hopsLeft.toString(16).padStart(2, '0'),
  ofHex: (hex) => {
    const hopsLeft = Number.parseInt(hex.slice(32), 16)
    return hopsLeft <= limits.meshHopsMax ? { id: parcelId(hex.slice(0, 32)), hopsLeft } : undefined
  },
})

const wayField = struct({ hops: at(1, uint(limits.meshHopsMax)), ageS: at(2, uint(limits.meshLifetimeS)) })

const callWire = struct({
  /** Of whoever asks, without ways that lead through the one who is asked. Absent: it knows none. */
  way: optional(1, wayField),
  have: at(2, parcelsField),
  /** Not now: there was no room. */
  turnedAway: at(3, idsField),
  /** Answers that are here, by the first bytes of their SHA-256. Wanted are all others to what it has. */
  answered: at(4, digestsField),
})

const replyWire = struct({
  way: optional(1, wayField),
  parcels: at(
    2,
    list(
      struct({
        bytes: at(1, bytesUpTo(limits.carrierParcelBytesMax)),
        hopsLeft: at(2, uint(limits.meshHopsMax)),
        /** Since it left the device that made it. */
        ageS: at(3, uint(limits.meshLifetimeS)),
      }),
      limits.meshReplyItemsMax,
    ),
  ),
  /** Parcels that both have, and that may go further than whoever asks believes. */
  raised: at(3, parcelsField),
  answers: at(4, list(bytesUpTo(limits.parcelAnswerBytesMax), limits.meshReplyItemsMax)),
})

export type MeshCall = PayloadOf<typeof callWire>
export type MeshReply = PayloadOf<typeof replyWire>

export const meshCallMessage = wire(callWire, 'mesh-call', 64 * limits.meshIdsMax)
export const meshReplyMessage = wire(
  replyWire,
  'mesh-reply',
  limits.meshReplyBytesMax + limits.carrierParcelBytesMax + 64 * limits.meshIdsMax,
)
