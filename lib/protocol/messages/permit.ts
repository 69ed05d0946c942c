/**
 * The issuer's word about one session or one grant, sent when somebody is online: a veto (never accept, and release
 * the hold) or a raised cap at a charger that knows the grant only little. Answers stay the charger's.
 */

import { err } from '@/lib/core/result'
import {
  amountField,
  chargerField,
  operatorField,
  serialField,
  sessionIdField,
  timeField,
} from '../common-fields'
import { at, choice, optional, struct, type Field, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const shape = struct({
  operator: at(1, operatorField),
  verdict: at(2, choice(['veto', 'raise'])),
  /** Exactly one of `sessionId` and `serial` says what it is about; a raise is always about a grant. */
  sessionId: optional(3, sessionIdField),
  serial: optional(4, serialField),
  /** For a raise: open holds and unconfirmed bills of the grant at the charger may reach this, instead of first-seen and exposure caps. */
  maximumMinor: optional(5, amountField),
  /** Only at this charger; absent: at all of the operator's. */
  chargerId: optional(6, chargerField),
  timeS: at(7, timeField),
  notAfterS: at(8, timeField),
})

export type Permit = PayloadOf<typeof shape>

const payload: Field<Permit> = {
  encode: (value) => shape.encode(value),
  decode: (value, path) => {
    const decoded = shape.decode(value, path)
    return !decoded.ok || isSound(decoded.value)
      ? decoded
      : err({ kind: 'wrong-shape', path, expected: 'veto of a session or a grant, or raise of a grant' })
  },
}

const isSound = ({ verdict, sessionId, serial, maximumMinor }: Permit): boolean =>
  verdict === 'veto'
    ? (sessionId === undefined) !== (serial === undefined) && maximumMinor === undefined
    : sessionId === undefined && serial !== undefined && maximumMinor !== undefined

export const permit: MessageType<Permit> = { name: 'permit', payload }
