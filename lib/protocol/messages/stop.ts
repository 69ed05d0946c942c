/**
 * The wallet asks the charger to end its session: the same key that consented, naming the session and the nonce of
 * the offer that it stood on, so that it works at one charger and for one session only. Showing it twice is harmless.
 */

import { nonceField, sessionIdField, timeField } from '../common-fields'
import { at, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  sessionId: at(1, sessionIdField),
  /** Of the offer that the session's authorization answered. */
  nonce: at(2, nonceField),
  timeS: at(3, timeField),
})

export type Stop = PayloadOf<typeof payload>
export const stop: MessageType<Stop> = { name: 'stop', payload }
