/**
 * The issuer's time, for one offer's nonce: a phone with signal fetches it for a charger whose clock is unknown. The
 * nonce proves that it is fresh, so that nobody can set a clock by an old one.
 */

import { nonceField, operatorField, timeField } from '../common-fields'
import { at, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  operator: at(1, operatorField),
  nonce: at(2, nonceField),
  timeS: at(3, timeField),
})

export type SignedTime = PayloadOf<typeof payload>
export const signedTime: MessageType<SignedTime> = { name: 'time', payload }
