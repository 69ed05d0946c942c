/**
 * A policy as people write it: prices as amounts, hours as hours, names of days. What the document leaves out of prices by
 * the hour, classes, rules and switches is left out of the policy; a tariff that it leaves out stays.
 */

import { z } from 'zod'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, minorUnits, seconds } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { PolicyRule, PowerClass, TimedPeriod } from '@/lib/protocol/messages/policy-terms'
import { policySwitches, ruleLanguages } from '@/lib/protocol/messages/policy-terms'
import { policyExtras, type PolicyChange } from './policies'
import type { PolicyRefused } from './policy-check'

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Four decimals, whatever the currency: the resolution of rates. */
const rate = z.string().regex(/^\d{1,4}(\.\d{1,4})?$/, 'is an amount such as "0.29"')
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time such as "22:00"')
const words = z.string().min(1).max(140)
const kilowatts = z.number().min(1).max(4_000)
const minutes = z.int().min(1).max(525_600)
const kilowattHours = z.number().min(0.1).max(1_000)

const document = z.strictObject({
  tariff: z
    .strictObject({
      energy: rate,
      time: rate,
      session: rate,
      idle: rate,
      idleGraceMinutes: z.int().min(0).max(1_440),
    })
    .partial()
    .optional(),
  timeZone: z.string().max(40).optional(),
  periods: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(days))
          .min(1)
          .max(7)
          .default([...days]),
        from: hour,
        to: hour,
        energy: rate,
        time: rate.default('0'),
        idle: rate.default('0'),
      }),
    )
    .max(16)
    .default([]),
  classes: z
    .array(
      z.strictObject({
        class: z.int().min(0).max(15),
        weight: z.int().min(1).max(100).default(1),
        maxKw: kilowatts.optional(),
        maxMinutes: minutes.optional(),
        maxKwh: kilowattHours.optional(),
      }),
    )
    .max(16)
    .default([]),
  rules: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,23}$/, 'is lower case letters, digits and dashes'),
        when: z.string().regex(/^[\x20-\x7e]{1,300}$/, 'is a condition of at most 300 characters'),
        decline: z.strictObject({ en: words, de: words }).partial().optional(),
        maxHold: rate.optional(),
        maxKw: kilowatts.optional(),
        maxMinutes: minutes.optional(),
        maxKwh: kilowattHours.optional(),
      }),
    )
    .max(16)
    .default([]),
  bluetooth: z.enum(['on', 'off']).default('on'),
  cards: z.enum(['on', 'off']).default('on'),
})

export interface DocumentContext {
  readonly tariff: CompactTariff
  /** Decimals of the currency's minor unit. */
  readonly exponent: number
}

export interface DocumentFault {
  readonly code: PolicyRefused['code'] | 'policy.document'
  readonly detail: string
}

/** What `followPolicy` takes; whether it may follow is not judged here. */
export function readPolicyDocument(
  text: string,
  context: DocumentContext,
): Result<PolicyChange, DocumentFault> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return err({ code: 'policy.document', detail: 'The document is no JSON.' })
  }
  const read = document.safeParse(json)
  if (!read.success) {
    const [issue] = read.error.issues
    return err({
      code: 'policy.document',
      detail: `${issue?.path.join('.') || 'The document'}: ${issue?.message ?? 'not understood'}.`,
    })
  }
  const { tariff, timeZone, periods, classes, rules, bluetooth, cards } = read.data
  const switches =
    (bluetooth === 'off' ? policySwitches.bluetoothOff : 0) + (cards === 'off' ? policySwitches.cardsOff : 0)
  const extras = {
    // Only the zone counts: whoever signs makes the list for the policy's life.
    ...(timeZone === undefined
      ? {}
      : { localTime: { zone: timeZone, changes: [{ fromS: epochSeconds(0), offsetMinutes: 0 }] } }),
    ...(periods.length === 0 ? {} : { periods: periods.map(periodOf) }),
    ...(classes.length === 0 ? {} : { classes: classes.map(classOf) }),
    ...(rules.length === 0 ? {} : { rules: rules.map((rule) => ruleOf(rule, context.exponent)) }),
    ...(switches === 0 ? {} : { switches }),
  }
  return ok({
    tariff: { ...context.tariff, ...ratesOf(tariff ?? {}) },
    ...extras,
    without: policyExtras.filter((name) => !(name in extras)),
  })
}

type Document = z.infer<typeof document>

/** Exact: an amount is text until it is an integer. */
function decimals(text: string, places: number): number {
  const [whole = '', part = ''] = text.split('.')
  return Number(whole) * 10 ** places + Number(part.slice(0, places).padEnd(places, '0') || '0')
}
const rateOf = (text: string): number => decimals(text, 4)

function ratesOf({ energy, time, session, idle, idleGraceMinutes }: NonNullable<Document['tariff']>) {
  return {
    ...(energy === undefined ? {} : { energyPerKwh: rateOf(energy) }),
    ...(time === undefined ? {} : { timePerMinute: rateOf(time) }),
    ...(session === undefined ? {} : { perSession: rateOf(session) }),
    ...(idle === undefined ? {} : { idlePerMinute: rateOf(idle) }),
    ...(idleGraceMinutes === undefined ? {} : { idleGraceMinutes }),
  }
}

function minuteOf(text: string): number {
  const [hours = 0, rest = 0] = text.split(':').map(Number)
  return hours * 60 + rest
}

const periodOf = ({
  days: named,
  from,
  to,
  energy,
  time,
  idle,
}: Document['periods'][number]): TimedPeriod => ({
  weekdays: named.reduce((bits, day) => bits | (1 << days.indexOf(day)), 0),
  fromMinute: minuteOf(from),
  // "To 00:00" is the end of the day.
  toMinute: minuteOf(to) === 0 ? 1_440 : minuteOf(to),
  energyPerKwh: rateOf(energy),
  timePerMinute: rateOf(time),
  idlePerMinute: rateOf(idle),
})

const classOf = ({
  class: vehicleClass,
  weight,
  maxKw,
  maxMinutes,
  maxKwh,
}: Document['classes'][number]): PowerClass => ({
  vehicleClass,
  weight,
  powerMaxW: Math.round((maxKw ?? 0) * 1_000),
  durationMaxS: seconds((maxMinutes ?? 0) * 60),
  energyMaxWh: Math.round((maxKwh ?? 0) * 1_000),
})

function ruleOf(
  { name, when, decline, maxHold, maxKw, maxMinutes, maxKwh }: Document['rules'][number],
  exponent: number,
): PolicyRule {
  const said = ruleLanguages.flatMap((language) => {
    const text = decline?.[language]
    return text === undefined ? [] : [{ language, text }]
  })
  return {
    name,
    when,
    ...(said.length === 0 ? {} : { decline: said }),
    ...(maxHold === undefined ? {} : { holdMaxMinor: minorUnits(decimals(maxHold, exponent)) }),
    ...(maxKw === undefined ? {} : { powerMaxW: Math.round(maxKw * 1_000) }),
    ...(maxMinutes === undefined ? {} : { durationMaxS: seconds(maxMinutes * 60) }),
    ...(maxKwh === undefined ? {} : { energyMaxWh: Math.round(maxKwh * 1_000) }),
  }
}
