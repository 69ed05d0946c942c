/**
 * Grants revoked since an earlier epoch, small enough for a code, so that phones carry them to chargers without a
 * link. A grant is named by its short id, the first four bytes of its serial; issuers never draw a serial whose short
 * id is that of a revoked grant. Revocations only add: grants leave the list by expiring, which needs no news.
 */

import { concat, fromHex, toHex } from '@/lib/core/bytes'
import type { GrantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok } from '@/lib/core/result'
import { epochField, operatorField, timeField } from '../common-fields'
import { at, bytesUpTo, struct, type Field, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const shortIdBytes = 4

/** First four bytes of a serial, as hex. */
export const shortIdOf = (serial: GrantSerial): string => serial.slice(0, shortIdBytes * 2)

const packed = bytesUpTo(limits.deltaSerialsMax * shortIdBytes)

/** One byte string of ids in strictly rising order: 80 bytes for 20 of them. */
const shortIdsField: Field<readonly string[]> = {
  encode: (ids) => packed.encode(concat(...ids.toSorted().map((id) => fromHex(id)))),
  decode: (value, path) => {
    const bytes = packed.decode(value, path)
    if (!bytes.ok) return bytes
    const hex = toHex(bytes.value)
    const ids = hex.match(/.{8}/g) ?? []
    const isRising = ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id)
    return isRising && hex.length === ids.length * shortIdBytes * 2
      ? ok(ids)
      : err({ kind: 'wrong-shape', path, expected: 'short ids in rising order' })
  },
}

const payload = struct({
  operator: at(1, operatorField),
  /** It carries a device that has this epoch or a later one up to `epoch`. */
  fromEpoch: at(2, epochField),
  epoch: at(3, epochField),
  timeS: at(4, timeField),
  added: at(5, shortIdsField),
})

export type RevocationDelta = PayloadOf<typeof payload>
export const revocationDelta: MessageType<RevocationDelta> = { name: 'revocation-delta', payload }
