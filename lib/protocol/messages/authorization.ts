/**
 * The wallet's consent to one offer: "hold this much". `seq` counts from 1 within a grant, `previous` is the hash of
 * the authorization before it (of the grant for the first). `gross` is the sum of all holds so far, this one
 * included; `released` the part of it that signed declines and receipts gave back. Neither sum ever falls.
 */

import { amountField, epochField, hashField, timeField } from '../common-fields'
import { at, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  offerHash: at(1, hashField),
  holdMinor: at(2, amountField),
  seq: at(3, uint(1_000)),
  previous: at(4, hashField),
  grossMinor: at(5, amountField),
  releasedMinor: at(6, amountField),
  timeS: at(7, timeField),
  /** The newest revocation epoch that the phone carries. */
  revocationEpoch: at(8, epochField),
  grantHash: at(9, hashField),
})

export type Authorization = PayloadOf<typeof payload>
export const authorization: MessageType<Authorization> = { name: 'authorization', payload }
