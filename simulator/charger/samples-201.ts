/** A meter value of 1.6 as 2.0.1 writes it: numbers, units apart, signed records with the value that they are about. */

import { asList, asPayload } from './payload'
import type { Payload } from './state'

export function samplesIn201(meterValue: unknown): Payload {
  const { timestamp, sampledValue } = asPayload(meterValue)
  const samples: Payload[] = []
  for (const value of asList(sampledValue).map(asPayload)) {
    const last = samples.at(-1)
    if (value['format'] !== 'SignedData') samples.push(sampleIn201(value))
    else if (last !== undefined) {
      const signedMeterValue = JSON.parse(String(value['value'])) as Payload
      samples.splice(-1, 1, { ...last, signedMeterValue })
    }
  }
  return { timestamp, sampledValue: samples }
}

const sampleIn201 = ({ value, unit, format: _format, ...shared }: Payload): Payload => ({
  ...shared,
  value: Number(value),
  ...(unit === undefined ? {} : { unitOfMeasure: { unit } }),
})
