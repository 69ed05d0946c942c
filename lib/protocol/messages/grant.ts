/**
 * The issuer's promise that one device key may spend up to a cap: the credit is already reserved in the ledger.
 * Amounts in minor units of `currency`.
 */

import { siteId } from '@/lib/core/ids'
import {
  amountField,
  currencyField,
  epochField,
  hashField,
  keyField,
  operatorField,
  pseudonymField,
  serialField,
  siteField,
  timeField,
} from '../common-fields'
import { at, choice, list, optional, struct, tuple, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

/** Where the device key lives. A `sealed` key (PIN or passkey wrapped) gets the first-seen cap everywhere. */
export const keyProtections = ['platform', 'sealed'] as const

/** Limits that a fleet manager put on the token; minutes of the day are UTC, from = to means all day. */
const fleetRulesField = tuple({
  fleet: epochField,
  vehicleClass: uint(15),
  /** 0 means no daily limit of its own. */
  dailyLimitMinor: amountField,
  fromMinute: uint(1_439),
  toMinute: uint(1_439),
})

/** As much as a rule of the policy may name. */
export const connectorPowerMostW = 4_000_000

const payload = struct({
  operator: at(1, operatorField),
  serial: at(2, serialField),
  deviceKey: at(3, keyField),
  pseudonym: at(4, pseudonymField),
  currency: at(5, currencyField),
  capMinor: at(6, amountField),
  sessionCapMinor: at(7, amountField),
  spendsMax: at(8, uint(1_000)),
  notBeforeS: at(9, timeField),
  notAfterS: at(10, timeField),
  /** Empty: roaming, any site of the operator. */
  sites: at(11, list(siteField, 8)),
  keyProtection: at(12, choice(keyProtections)),
  /** First 16 bytes of SHA-256 of the COSE key of the passkey that may step up; the key itself travels beside. */
  passkeyHash: optional(13, hashField),
  fleetRules: optional(14, fleetRulesField),
  /** Highest power of a bay, in W, at which it may be used; absent: any. Who does not know the field refuses the grant. */
  connectorPowerMaxW: optional(15, uint(connectorPowerMostW)),
})

export type Grant = PayloadOf<typeof payload>
export type FleetRules = PayloadOf<typeof fleetRulesField>
export const grant: MessageType<Grant> = { name: 'grant', payload }

export const isSiteBound = (value: Grant): boolean => value.sites.length > 0
export const coversSite = (value: Grant, site: string): boolean =>
  value.sites.length === 0 || value.sites.includes(siteId(site))

/** A bay whose power nobody configured is none that a limited grant may use: the limit could not be kept there. */
export const coversPower = ({ connectorPowerMaxW: most }: Grant, bayW: number): boolean =>
  most === undefined || (bayW > 0 && bayW <= most)

/** Minutes of the UTC day; `toMinute` is exclusive, from = to means all day, and a span may pass midnight. */
export function isWithinHours({ fromMinute, toMinute }: FleetRules, nowS: number): boolean {
  if (fromMinute === toMinute) return true
  const minute = Math.floor((nowS % daySeconds) / 60)
  return fromMinute < toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute
}

const daySeconds = 86_400
