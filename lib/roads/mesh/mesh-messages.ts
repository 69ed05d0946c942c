/**
 * The one question that neighbours ask each other, as CBOR: what is here and which answers are wanted; and what comes back. It may
 * be lost, repeated and overtaken at will.
 */

import { parcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { at, bytesUpTo, hexBytes, list, optional, struct, uint, type PayloadOf } from '@/lib/protocol/fields'
import { wire } from '../gateway-messages'

const idField = hexBytes(16, parcelId)
const digestField = hexBytes(8, (hex) => hex)
const wayField = struct({ hops: at(1, uint(limits.meshHopsMax)), ageS: at(2, uint(limits.meshLifetimeS)) })

const callWire = struct({
  /** Of whoever asks, without ways that lead through the one who is asked. Absent: it knows none. */
  way: optional(1, wayField),
  have: at(
    2,
    list(struct({ id: at(1, idField), hopsLeft: at(2, uint(limits.meshHopsMax)) }), limits.meshIdsMax),
  ),
  /** Not now: there was no room. */
  turnedAway: at(3, list(idField, limits.meshIdsMax)),
  /** Answers that are here, by the first bytes of their SHA-256. Wanted are all others to what it has. */
  answered: at(4, list(digestField, limits.meshIdsMax)),
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
  raised: at(
    3,
    list(struct({ id: at(1, idField), hopsLeft: at(2, uint(limits.meshHopsMax)) }), limits.meshIdsMax),
  ),
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
