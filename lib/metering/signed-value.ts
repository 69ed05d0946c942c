/**
 * What OCPP wraps around a meter's record: nothing, base64 (2.0.1 §2.46), or in 1.6 a JSON text of the fields that 2.0.1
 * has. The wrapping is the charger's and proves nothing; what is inside is the meter's and is kept byte for byte.
 */

import { isJsonObject, parseStrictJson } from './strict-json'
import { ocmfCharsMax } from './ocmf'
import { readBase64 } from './text-bytes'

/** A signed value as a charger sent it. */
export interface SignedValue {
  readonly data: string
  /** As it came; many chargers send it once a transaction, or never. */
  readonly publicKey: string | undefined
}

/** JSON of base64 of the largest record. */
const wrappedCharsMax = ocmfCharsMax * 2

/** The meter's own text; what is wrapped in an unknown way comes back as it is. */
export function unwrap(value: SignedValue): SignedValue {
  if (value.data.length > wrappedCharsMax) return value
  const carried = value.data.startsWith('{') ? inJson(value) : value
  if (carried.data.startsWith('OCMF|')) return carried
  const bytes = readBase64(carried.data)
  const text = bytes === undefined ? undefined : asText(bytes)
  return text?.startsWith('OCMF|') === true ? { ...carried, data: text } : carried
}

function inJson(value: SignedValue): SignedValue {
  const parsed = parseStrictJson(value.data)
  if (!parsed.ok || !isJsonObject(parsed.value)) return value
  const data = parsed.value.get('signedMeterData')
  const key = parsed.value.get('publicKey')
  if (typeof data !== 'string') return value
  return { data, publicKey: typeof key === 'string' && key !== '' ? key : value.publicKey }
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
