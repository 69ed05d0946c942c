/**
 * What a policy may say beyond one price for everybody: prices by local time, classes of vehicles, rules in CEL, and
 * switches. Only the shapes; what they mean, and what must not stand together, is `lib/policy/`. All of it is bounded by
 * the size of a message besides.
 */

import { amountField, durationField, timeField } from '../common-fields'
import {
  choice,
  integer,
  list,
  optional,
  at,
  label,
  struct,
  text,
  tuple,
  uint,
  type PayloadOf,
} from '../fields'
import { rateField } from './compact-tariff'

/** Minutes east of UTC. Samoa to Line Islands; offsets of today are whole minutes. */
const offsetField = integer((minutes) => minutes, { min: -840, max: 840 })

/**
 * How a clock on the wall at these chargers differs from UTC, and from when on: no device needs a time zone database, and
 * all of them read the same hour. The first holds before its start too, the last for ever. Two a year with daylight saving.
 */
export const localTimeField = tuple({
  /** The IANA name that the list was made from, for people and for the next signature; nobody evaluates it. */
  zone: text(/^[A-Za-z0-9_+/-]{1,40}$/, (name) => name),
  changes: list(tuple({ fromS: timeField, offsetMinutes: offsetField }), 32, 1),
})

/**
 * These rates, on these days, between these minutes of the local day. `toMinute` is exclusive and may be 1440; a period
 * whose end is not after its start passes midnight and belongs to the day on which it starts.
 */
const timedPeriodField = tuple({
  /** Bit 0 Monday … bit 6 Sunday. */
  weekdays: integer((bits) => bits, { min: 1, max: 127 }),
  fromMinute: uint(1_439),
  toMinute: integer((minute) => minute, { min: 1, max: 1_440 }),
  energyPerKwh: rateField,
  timePerMinute: rateField,
  idlePerMinute: rateField,
})
export const timedPeriodsField = list(timedPeriodField, 16, 1)

/** What a class of vehicles gets. Grants without a fleet, and cards, are class 0. Zero: no limit of the class. */
const powerClassField = tuple({
  vehicleClass: uint(15),
  powerMaxW: uint(4_000_000),
  /** Its share where a cap is shared: twice the weight is twice the power. */
  weight: integer((weight) => weight, { min: 1, max: 100 }),
  durationMaxS: durationField,
  energyMaxWh: uint(1_000_000),
})
export const powerClassesField = list(powerClassField, 16, 1)

export const ruleLanguages = ['en', 'de'] as const

const policyRuleField = struct({
  /** For logs and for the operator. */
  name: at(
    1,
    text(/^[a-z0-9][a-z0-9-]{0,23}$/, (name) => name),
  ),
  /** CEL over the facts of `lib/policy/rule-facts.ts`; true: the rule applies. */
  when: at(
    2,
    text(/^[\x20-\x7e]{1,300}$/, (expression) => expression),
  ),
  /** Why nothing is sold, in the driver's words. */
  decline: optional(3, list(tuple({ language: choice(ruleLanguages), text: label(140) }), 2, 1)),
  /** The most of each where the rule applies. */
  holdMaxMinor: optional(4, amountField),
  powerMaxW: optional(5, uint(4_000_000)),
  durationMaxS: optional(6, durationField),
  energyMaxWh: optional(7, uint(1_000_000)),
})
export const policyRulesField = list(policyRuleField, 16, 1)

/** Bits of `switches`; absent or 0: as configured. */
export const policySwitches = { bluetoothOff: 1, cardsOff: 2 } as const

export type LocalTime = PayloadOf<typeof localTimeField>
export type TimedPeriod = PayloadOf<typeof timedPeriodField>
export type PowerClass = PayloadOf<typeof powerClassField>
export type PolicyRule = PayloadOf<typeof policyRuleField>
