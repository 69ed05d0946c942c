/** The offline root's list of issuer keys. Phones and chargers pin the root and keep the highest sequence. */

import { epochField, keyField, operatorField, sealingKeyField, timeField } from '../common-fields'
import { at, list, optional, struct, tuple, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const issuerField = tuple({ key: keyField, notBeforeS: timeField, notAfterS: timeField })

const payload = struct({
  operator: at(1, operatorField),
  sequence: at(2, epochField),
  timeS: at(3, timeField),
  issuers: at(4, list(issuerField, 8)),
  /** What carriers must not read is sealed to it. Absent: nothing can be given to carriers yet. */
  sealingKey: optional(5, sealingKeyField),
})

export type TrustList = PayloadOf<typeof payload>
export const trustList: MessageType<TrustList> = { name: 'trust-list', payload }
