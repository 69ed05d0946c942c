/**
 * The charger's own record that a bearer was presented and how much was held for it: what an authorization is for a
 * wallet, without a wallet's signature. Its hash is the session's id. The cloud posts it against the voucher's reserve
 * alone, at most up to the voucher's cap.
 */

import { amountField, hashField, nonceField, timeField } from '../common-fields'
import { at, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  voucherHash: at(1, hashField),
  /** Makes two sessions of one voucher in the same second different. */
  nonce: at(2, nonceField),
  connectorId: at(3, uint(255)),
  holdMinor: at(4, amountField),
  /** What this site's list had as spent and held before. */
  spentMinor: at(5, amountField),
  timeS: at(6, timeField),
})

export type BearerRecord = PayloadOf<typeof payload>
export const bearerRecord: MessageType<BearerRecord> = { name: 'bearer-record', payload }
