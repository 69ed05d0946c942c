/**
 * The signed rules that charger, phone and cloud evaluate with the same code: the tariff and the risk limits. A
 * price is sold only once the charger holds it in this form. Amounts in minor units of the tariff's currency.
 */

import { amountField, durationField, epochField, operatorField, timeField } from '../common-fields'
import { at, optional, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'
import { compactTariffField } from './compact-tariff'
import { localTimeField, policyRulesField, powerClassesField, timedPeriodsField } from './policy-terms'

const payload = struct({
  operator: at(1, operatorField),
  sequence: at(2, epochField),
  notBeforeS: at(3, timeField),
  notAfterS: at(4, timeField),
  /** The price outside of all `periods`, and of a charger that does not know the time. */
  tariff: at(5, compactTariffField),
  /** The most that one session may hold at this operator's chargers. */
  maximumHoldMinor: at(6, amountField),
  offerTimeToLiveS: at(7, uint(3_600)),
  /** Open holds plus billed amounts of a grant at a charger that has no confirmation of it yet. */
  firstSeenCapMinor: at(8, amountField),
  firstSeenStepUpCapMinor: at(9, amountField),
  firstSeenYoungCapMinor: at(10, amountField),
  /** Grants younger than this are young. */
  youngGrantS: at(11, durationField),
  /** A hold above this needs the passkey in any case, if the grant names one. */
  stepUpAboveMinor: at(12, amountField),
  /** Unsynced roaming money that a charger may have at stake. */
  exposureCapMinor: at(13, amountField),
  sessionDurationMaxS: at(14, durationField),
  sessionEnergyMaxWh: at(15, uint(1_000_000)),
  /** The clock of `periods`, and of rules that ask for the hour. */
  localTime: optional(16, localTimeField),
  /** Rates by local time; no two of them at once. */
  periods: optional(17, timedPeriodsField),
  classes: optional(18, powerClassesField),
  /** All of them are asked; what several say, the strictest holds. */
  rules: optional(19, policyRulesField),
  /** Bits of `policySwitches`. */
  switches: optional(20, uint(255)),
})

export type Policy = PayloadOf<typeof payload>
export const policy: MessageType<Policy> = { name: 'policy', payload }
