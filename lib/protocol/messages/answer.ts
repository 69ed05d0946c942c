/** The charger's verdict on one authorization. The same authorization always gets the same answer. */

import { reasonFromWire, reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok } from '@/lib/core/result'
import { sessionIdField, timeField } from '../common-fields'
import { at, bytesUpTo, optional, struct, type Field, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

export type Verdict = 'accepted' | ReasonCode

/** 0 on the wire means accepted; any other number is the reason's. */
const verdictField: Field<Verdict> = {
  encode: (verdict) => (verdict === 'accepted' ? 0 : reasons[verdict].wire),
  decode: (value, path) => {
    if (value === 0) return ok('accepted')
    const reason = typeof value === 'number' ? reasonFromWire(value) : undefined
    return reason === undefined ? err({ kind: 'wrong-shape', path, expected: 'known reason' }) : ok(reason)
  },
  read: (reader) => {
    const value = reader.takeUnsigned()
    if (value === 0) return 'accepted'
    return value === undefined ? undefined : reasonFromWire(value)
  },
}

const payload = struct({
  sessionId: at(1, sessionIdField),
  verdict: at(2, verdictField),
  timeS: at(3, timeField),
  /** First 8 bytes of SHA-256 over session id and stop code, when accepted. */
  stopDigest: optional(4, bytesUpTo(8)),
})

export type Answer = PayloadOf<typeof payload>
export const answer: MessageType<Answer> = { name: 'answer', payload }
