/** Readings of an OCMF record (RD): what the register said, when, why it was read and in what state the meter was. */

import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { isJsonNumber, isJsonObject, type JsonObject, type JsonValue } from './strict-json'

/** U unknown, I informative, S synchronised, R relative to the start. */
export const clockStates = ['U', 'I', 'S', 'R'] as const
export type MeterClockState = (typeof clockStates)[number]

/** Begin, charging, exception, end (by nobody, locally, remotely, aborted, power failure), suspended, tariff change. */
export const readingReasons = ['B', 'C', 'X', 'E', 'L', 'R', 'A', 'P', 'S', 'T'] as const
export type ReadingReason = (typeof readingReasons)[number]

/** Not present, good, timeout, disconnected, not found, manipulated, exchanged, incompatible, out of range, … */
export const meterStates = ['N', 'G', 'T', 'D', 'R', 'M', 'X', 'I', 'O', 'S', 'E', 'F'] as const
export type MeterState = (typeof meterStates)[number]

export interface OcmfReading {
  /** On the meter's clock, whole seconds. */
  readonly atS: EpochSeconds
  readonly clock: MeterClockState
  readonly reason: ReadingReason | undefined
  /** Exactly as signed; undefined where the value is of another unit than energy. */
  readonly energy: MeterEnergy | undefined
  /** OBIS code of the register. */
  readonly register: string | undefined
  readonly currentType: string | undefined
  /** E: energy is wrong; t: time is wrong. */
  readonly errorFlags: string
  readonly state: MeterState
}

/** Thousandths of a watt-hour, so that every figure of a meter is whole; and the step of its last digit. */
export interface MeterEnergy {
  readonly milliWh: bigint
  readonly stepMilliWh: bigint
}

/** A record that follows a whole session at five-minute steps has some hundreds; ours have two. */
const readingsMax = 64

/** Fields that a later reading leaves out stay as they were in the one before it. */
export function readReadings(value: JsonValue | undefined): Result<readonly OcmfReading[], string> {
  if (!Array.isArray(value) || value.length === 0 || value.length > readingsMax) return err('RD')
  const readings: OcmfReading[] = []
  let inherited: ReadonlyMap<string, JsonValue> = new Map()
  for (const entry of value as readonly JsonValue[]) {
    if (!isJsonObject(entry)) return err('RD')
    const fields = new Map([...inherited, ...entry])
    const reading = readReading(fields)
    if (!reading.ok) return reading
    readings.push(reading.value)
    inherited = new Map([...fields].filter(([name]) => inheritable.includes(name)))
  }
  return ok(readings)
}

const inheritable = ['RI', 'RU', 'RT']

function readReading(fields: JsonObject): Result<OcmfReading, string> {
  const time = readTime(fields.get('TM'))
  if (time === undefined) return err('TM')
  const reason = oneOf(readingReasons, fields.get('TX'))
  if (fields.has('TX') && reason === undefined) return err('TX')
  const state = oneOf(meterStates, fields.get('ST'))
  if (state === undefined) return err('ST')
  const errorFlags = fields.get('EF') ?? ''
  if (typeof errorFlags !== 'string' || !/^[Et]{0,2}$/.test(errorFlags)) return err('EF')
  const unit = fields.get('RU')
  const energy = typeof unit === 'string' ? readEnergy(fields.get('RV'), unit) : undefined
  if (typeof unit === 'string' && unit in energyShifts && energy === undefined) return err('RV')
  const register = fields.get('RI')
  const currentType = fields.get('RT')
  if (register !== undefined && typeof register !== 'string') return err('RI')
  if (currentType !== undefined && typeof currentType !== 'string') return err('RT')
  return ok({ ...time, reason, energy, register, currentType, errorFlags, state })
}

function oneOf<T extends string>(names: readonly T[], value: JsonValue | undefined): T | undefined {
  return names.find((name) => name === value)
}

const timePattern =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[,.]\d{1,9})?([+-])(\d{2}):?(\d{2}) ([UISR])$/

/** ISO 8601 with a comma, an offset without a colon, a space and the state of the clock. */
function readTime(value: JsonValue | undefined): Pick<OcmfReading, 'atS' | 'clock'> | undefined {
  const match = typeof value === 'string' ? timePattern.exec(value) : null
  const clock = oneOf(clockStates, match?.[10])
  if (match === null || clock === undefined) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  const offsetS = (Number(match[8]) * 3_600 + Number(match[9]) * 60) * (match[7] === '-' ? -1 : 1)
  const atS = date.getTime() / 1_000 - offsetS
  return isReal && Number.isSafeInteger(atS) && atS >= 0 ? { atS: epochSeconds(atS), clock } : undefined
}

/** Digits by which a figure is moved to be in thousandths of a watt-hour. */
const energyShifts: Readonly<Record<string, number>> = { Wh: 3, kWh: 6 }

const decimalPattern = /^(\d{1,12})(?:\.(\d{1,12}))?$/

/** No exponents, no negative registers, nothing finer than a thousandth of a watt-hour. */
function readEnergy(value: JsonValue | undefined, unit: string): MeterEnergy | undefined {
  const shift = energyShifts[unit]
  const [, whole, fraction = ''] = decimalPattern.exec(isJsonNumber(value) ? value.digits : '') ?? []
  if (shift === undefined || whole === undefined) return undefined
  if (/[1-9]/.test(fraction.slice(shift))) return undefined
  const kept = fraction.slice(0, shift)
  return {
    milliWh: BigInt(whole + kept.padEnd(shift, '0')),
    stepMilliWh: 10n ** BigInt(shift - kept.length),
  }
}
