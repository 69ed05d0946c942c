/** The issuer lets the holder of a key into a charger's technician mode, at these sites, for a while. Spends nothing. */

import { keyField, operatorField, serialField, siteField, timeField } from '../common-fields'
import { at, list, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  operator: at(1, operatorField),
  serial: at(2, serialField),
  key: at(3, keyField),
  /** Empty: every site of the operator. */
  sites: at(4, list(siteField, 8)),
  /** Bit 0: read diagnostics. Bit 1: service. Bit 2: install updates. */
  rights: at(5, uint(255)),
  notBeforeS: at(6, timeField),
  notAfterS: at(7, timeField),
})

export type TechnicianPass = PayloadOf<typeof payload>
export const technicianPass: MessageType<TechnicianPass> = { name: 'technician-pass', payload }
