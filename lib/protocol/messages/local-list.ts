/**
 * The cards of one site: which token number, as a charger's reader gives it, stands for which voucher. Token numbers are
 * in it as they are because chargers want them so (OCPP, SendLocalList), therefore it never becomes a code, and who keeps
 * it keeps it sealed. A long list comes in several messages of one version, in any order.
 */

import { limits } from '@/lib/core/limits'
import { amountField, epochField, hashField, operatorField, siteField, timeField } from '../common-fields'
import { at, bytesUpTo, choice, list, optional, struct, text, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

/** As OCPP 2.0.1 names them (IdTokenEnumType). 1.6 has the number alone. */
export const tokenTypes = ['ISO14443', 'ISO15693', 'eMAID', 'KeyCode', 'MacAddress'] as const
export type TokenType = (typeof tokenTypes)[number]

/** What OCPP lets stand in an identifier. */
export const tokenPattern = /^[A-Za-z0-9*=:+|@._-]{1,36}$/

const tokenField = text(tokenPattern, (value) => value)

const entryField = struct({
  type: at(1, choice(tokenTypes)),
  token: at(2, tokenField),
  /** Cap, sites and validity of the card, as the issuer signed them; its serial is what revocations name. */
  voucher: at(3, bytesUpTo(limits.voucherBytesMax)),
  /** Of one session. Absent: the policy's cap for strangers alone. */
  sessionCapMinor: optional(4, amountField),
  /** Cards of one group may stop each other's sessions (OCPP `parentIdTag`, `groupIdToken`). */
  group: optional(
    5,
    text(/^[A-Za-z0-9*=:+|@._-]{1,20}$/, (value) => value),
  ),
  /** Of an eMAID: the contract certificates that count, each by `contractPin`. Absent: the charger's own check does. */
  contracts: optional(6, list(hashField, 4, 1)),
})
export type LocalListEntry = PayloadOf<typeof entryField>

const payload = struct({
  operator: at(1, operatorField),
  site: at(2, siteField),
  version: at(3, epochField),
  /** When it was issued; after `notAfterS` no card of it counts. */
  timeS: at(4, timeField),
  notAfterS: at(5, timeField),
  part: at(6, uint(limits.localListPartsMax - 1)),
  parts: at(7, uint(limits.localListPartsMax)),
  entries: at(8, list(entryField, limits.localListPartEntriesMax)),
})

export type LocalList = PayloadOf<typeof payload>
export const localList: MessageType<LocalList> = { name: 'local-list', payload }
