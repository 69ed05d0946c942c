/**
 * Meter values of 2.0.1 in the shape of 1.6, so that one reader judges both: numbers instead of texts, a unit with a
 * power of ten, and signed records beside the values instead of in their place (OCPP 2.0.1 part 2, §2.43 and §2.46).
 */

import { readSamples, type ReadSamples } from '../meter-sample'
import { asPayload, field, integerField, listField, textField } from '../payload'
import type { RawPayload } from '../port'
import type { TimeFrame } from '../reported-time'

export function readMeterValues(payload: RawPayload, frame: TimeFrame): ReadSamples {
  const values = listField(payload, 'meterValue').map((entry) => {
    const meterValue = asPayload(entry)
    return {
      timestamp: field(meterValue, 'timestamp'),
      sampledValue: listField(meterValue, 'sampledValue').flatMap((value) => asIn16(asPayload(value))),
    }
  })
  return readSamples(values, frame)
}

function asIn16(value: RawPayload): readonly RawPayload[] {
  const { context, measurand, phase, location } = value
  const unit = asPayload(field(value, 'unitOfMeasure'))
  const shared = present({ context, measurand, phase, location })
  const signedValue = asPayload(field(value, 'signedMeterValue'))
  const signed = field(signedValue, 'signedMeterData')
  const publicKey = textField(signedValue, 'publicKey', 2_500)
  return [
    {
      ...shared,
      ...present({ unit: field(unit, 'unit') }),
      value: scaled(field(value, 'value'), integerField(unit, 'multiplier') ?? 0),
    },
    ...(typeof signed === 'string'
      ? [{ ...shared, ...present({ publicKey }), format: 'SignedData', value: signed }]
      : []),
  ]
}

const present = (fields: RawPayload): RawPayload =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** The figure times 10^`power` by moving its decimal point; anything odd is left as it is, and is then unreadable. */
export function scaled(value: unknown, power: number): unknown {
  if (typeof value !== 'number' && typeof value !== 'string') return value
  const match = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?$/.exec(String(value).trim())
  if (match === null || power === 0 || Math.abs(power) > 18) return power === 0 ? value : String(value) + 'e'
  const [, sign = '', whole = '', fraction = ''] = match
  const digits = power > 0 ? whole + fraction.padEnd(power, '0') : whole.padStart(-power + 1, '0') + fraction
  const point = power > 0 ? whole.length + power : digits.length - fraction.length + power
  const decimals = digits.slice(point)
  return sign + digits.slice(0, point) + (decimals === '' ? '' : `.${decimals}`)
}
