/**
 * Credit that whoever holds the card may spend: a printed code, or an RFID token listed by a fleet. It cannot sign, so
 * it is bound to sites, capped low, and every charger of the site checks a common list of what was spent.
 */

import {
  amountField,
  currencyField,
  operatorField,
  serialField,
  siteField,
  timeField,
} from '../common-fields'
import { at, choice, list, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

export const bearers = ['printed', 'rfid'] as const

const payload = struct({
  operator: at(1, operatorField),
  serial: at(2, serialField),
  currency: at(3, currencyField),
  /** All sessions together. */
  capMinor: at(4, amountField),
  notBeforeS: at(5, timeField),
  notAfterS: at(6, timeField),
  /** At least one: bearers never roam. */
  sites: at(7, list(siteField, 8, 1)),
  bearer: at(8, choice(bearers)),
})

export type Voucher = PayloadOf<typeof payload>
export const voucher: MessageType<Voucher> = { name: 'voucher', payload }
