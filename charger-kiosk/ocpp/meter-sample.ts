/**
 * OCPP meterValue lists to samples in whole units (OCPP 1.6 §7.33, §7.43). Defaults by the specification: measurand
 * Energy.Active.Import.Register, unit Wh (W for power), context Sample.Periodic, format Raw.
 */

import { wattHours, watts, type WattHours, type Watts } from '@/lib/core/units'
import { decimalToInteger } from './decimal'
import { asPayload, enumField, field, listField, textField } from './payload'
import { readingContexts, type MeterSample, type RawPayload, type ReadingContext } from './port'
import { reportedTime, type TimeFrame } from './reported-time'

export interface ReadSamples {
  readonly samples: readonly MeterSample[]
  /** What could not be read, in words for a technician. */
  readonly problems: readonly string[]
}

const energy = 'Energy.Active.Import.Register'
const power = 'Power.Active.Import'
/** Value × 10^shift is in Wh, or W. */
const energyShift: Readonly<Record<string, number>> = { Wh: 0, kWh: 3 }
const powerShift: Readonly<Record<string, number>> = { W: 0, kW: 3 }
/** The phases that add up to a whole; values between two phases do not. */
const summablePhases = ['L1', 'L2', 'L3', 'L1-N', 'L2-N', 'L3-N']

export function readSamples(meterValues: readonly unknown[], frame: TimeFrame): ReadSamples {
  const problems: string[] = []
  const samples = meterValues.flatMap((entry) => {
    const payload = asPayload(entry)
    const values = listField(payload, 'sampledValue').map(asPayload)
    const time = reportedTime(field(payload, 'timestamp'), frame)
    // Some chargers put the first and the last reading of a transaction under one timestamp.
    return [...groupByContext(values)].map(([context, group]): MeterSample => ({
      time,
      context,
      registerWh: total(group, energy, energyShift, 'Wh', wattHours, problems),
      powerW: total(group, power, powerShift, 'W', positiveWatts, problems),
      temperatureDeciC: hottest(group, problems),
      stateOfChargePercent: stateOfCharge(group, problems),
      signedData: group.filter(isSigned).flatMap((value) => {
        const data = field(value, 'value')
        return typeof data === 'string' ? [{ data, publicKey: textField(value, 'publicKey', 2_500) }] : []
      }),
    }))
  })
  return { samples, problems }
}

function groupByContext(values: readonly RawPayload[]): Map<ReadingContext, RawPayload[]> {
  const groups = new Map<ReadingContext, RawPayload[]>()
  for (const value of values) {
    const context = enumField(value, 'context', readingContexts) ?? 'Sample.Periodic'
    groups.set(context, [...(groups.get(context) ?? []), value])
  }
  return groups
}

const isSigned = (value: RawPayload): boolean => field(value, 'format') === 'SignedData'

function ofMeasurand(values: readonly RawPayload[], measurand: string): readonly RawPayload[] {
  return values.filter(
    (value) => !isSigned(value) && (textField(value, 'measurand', 50) ?? energy) === measurand,
  )
}

/** Values are strings by the schema; numbers are accepted as the digits that they print as. */
function readValue(value: RawPayload, shift: number): number | undefined {
  const text = field(value, 'value')
  return typeof text === 'string' || typeof text === 'number'
    ? decimalToInteger(String(text), shift)
    : undefined
}

/** Small negative figures are noise of a resting meter; nothing here sells energy back. */
const positiveWatts = (value: number): Watts => watts(Math.max(0, value))

/** The value without phase at the outlet; where there is none, the sum of the phases. */
function total<T extends WattHours | Watts>(
  values: readonly RawPayload[],
  measurand: string,
  shifts: Readonly<Record<string, number>>,
  defaultUnit: string,
  brand: (value: number) => T,
  problems: string[],
): T | undefined {
  const candidates = ofMeasurand(values, measurand).filter(
    (value) => !['Inlet', 'EV'].includes(textField(value, 'location', 20) ?? 'Outlet'),
  )
  const whole = candidates.find((value) => field(value, 'phase') === undefined)
  const parts =
    whole === undefined
      ? candidates.filter((value) => summablePhases.includes(textField(value, 'phase', 10) ?? ''))
      : [whole]
  let sum = 0
  for (const part of parts) {
    const shift = shifts[textField(part, 'unit', 20) ?? defaultUnit]
    const figure = shift === undefined ? undefined : readValue(part, shift)
    if (figure === undefined || (measurand === energy && figure < 0) || !Number.isSafeInteger(sum + figure)) {
      problems.push(`${measurand} ${JSON.stringify(part).slice(0, 120)}`)
      return undefined
    }
    sum += figure
  }
  return parts.length === 0 ? undefined : brand(sum)
}

function hottest(values: readonly RawPayload[], problems: string[]): number | undefined {
  let highest: number | undefined
  for (const value of ofMeasurand(values, 'Temperature')) {
    const figure = deciCelsius(value)
    if (figure === undefined) problems.push(`Temperature ${JSON.stringify(value).slice(0, 120)}`)
    else if (highest === undefined || figure > highest) highest = figure
  }
  return highest
}

/** "Celcius" is a spelling mistake of the specification that chargers copy. */
function deciCelsius(value: RawPayload): number | undefined {
  switch (textField(value, 'unit', 20) ?? 'Celsius') {
    case 'Celsius':
    case 'Celcius':
      return readValue(value, 1)
    case 'K': {
      const centiKelvin = readValue(value, 2)
      return centiKelvin === undefined ? undefined : Math.round((centiKelvin - 27_315) / 10)
    }
    case 'Fahrenheit': {
      const deciFahrenheit = readValue(value, 1)
      return deciFahrenheit === undefined ? undefined : Math.round(((deciFahrenheit - 320) * 5) / 9)
    }
    default:
      return undefined
  }
}

function stateOfCharge(values: readonly RawPayload[], problems: string[]): number | undefined {
  const [value] = ofMeasurand(values, 'SoC')
  if (value === undefined) return undefined
  const percent = readValue(value, 0)
  if (percent !== undefined && percent >= 0 && percent <= 100) return percent
  problems.push(`SoC ${JSON.stringify(value).slice(0, 120)}`)
  return undefined
}
