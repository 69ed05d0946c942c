/**
 * The wallet gives a grant back: nothing more will be signed under it after `lastSeq`. What its open holds do not need
 * goes back to the owner at once; an authorization with a higher seq is evidence against whoever signed it.
 */

import { hashField, serialField, timeField } from '../common-fields'
import { at, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  serial: at(1, serialField),
  /** 0 where nothing was ever signed under the grant. */
  lastSeq: at(2, uint(1_000)),
  /** Hash of the authorization with `lastSeq`, or of the grant where there is none. */
  head: at(3, hashField),
  timeS: at(4, timeField),
})

export type Close = PayloadOf<typeof payload>
export const close: MessageType<Close> = { name: 'close', payload }
