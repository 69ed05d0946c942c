/** A meter value of 1.6 as 2.0.1 writes it: numbers, units apart, signed records beside a value. */

import { asList, asPayload } from './payload'
import type { Payload } from './state'

export function samplesIn201(meterValue: unknown): Payload {
  const { timestamp, sampledValue } = asPayload(meterValue)
  return { timestamp, sampledValue: asList(sampledValue).map((value) => sampleIn201(asPayload(value))) }
}

function sampleIn201({ value, unit, format, ...shared }: Payload): Payload {
  if (format === 'SignedData') {
    const signedMeterValue = {
      signedMeterData: value,
      signingMethod: '',
      encodingMethod: 'OCMF',
      publicKey: '',
    }
    return { ...shared, value: 0, signedMeterValue }
  }
  return { ...shared, value: Number(value), ...(unit === undefined ? {} : { unitOfMeasure: { unit } }) }
}
