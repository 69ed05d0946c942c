/**
 * Open Charge Metering Format: `OCMF|payload|signature`, both parts JSON. The bytes between the pipes are what the meter
 * signed; they are kept and never written anew. Fields by the format's own names; what a reader need not judge is kept as
 * text and shown to people.
 */

import { utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { meterCurveNames, type MeterCurve } from '@/lib/crypto/meter-signature'
import { readReadings, type OcmfReading } from './ocmf-reading'
import { isJsonObject, parseStrictJson, type JsonObject } from './strict-json'
import { readBase64, readHex } from './text-bytes'

/** Memory and time. A record with a begin, an end and ten readings between them has 2 kB. */
export const ocmfCharsMax = limits.meterRecordBytesMax

export interface Ocmf {
  /** What the signature covers. */
  readonly signedBytes: Bytes
  readonly formatVersion: string | undefined
  readonly gatewayIdentification: string | undefined
  readonly gatewaySerial: string | undefined
  readonly meterVendor: string | undefined
  readonly meterModel: string | undefined
  readonly meterSerial: string
  readonly pagination: Pagination
  readonly identification: Identification
  readonly chargePoint: { readonly type: string | undefined; readonly id: string | undefined }
  readonly readings: readonly OcmfReading[]
  readonly signature: { readonly curve: MeterCurve; readonly bytes: Bytes }
}

/** T: a transaction's record; F: one read out for the authorities. Each counts for itself. */
export interface Pagination {
  readonly context: 'T' | 'F'
  readonly number: number
}

/** Who the charger says was there (IS, IF, IT, ID): for Outpost that is the session's tag, or nobody. */
export interface Identification {
  readonly isAssigned: boolean
  readonly flags: readonly string[]
  readonly type: string | undefined
  readonly id: string | undefined
}

export type OcmfFault =
  /** More characters than any real record has. */
  | 'too-large'
  /** Not three sections that begin with OCMF. */
  | 'not-ocmf'
  /** JSON that is none, or that two readers could understand differently. */
  | 'json'
  /** A field that is missing or has another form than the format says. */
  | 'field'
  /** An algorithm that OCMF does not name. */
  | 'algorithm'

export interface OcmfProblem {
  readonly fault: OcmfFault
  /** For technicians. */
  readonly detail: string
}

export function parseOcmf(text: string): Result<Ocmf, OcmfProblem> {
  if (text.length > ocmfCharsMax) return problem('too-large', `${text.length} characters`)
  const sections = text.split('|')
  const [header, payloadText = '', signatureText = ''] = sections
  if (header !== 'OCMF' || sections.length !== 3) return problem('not-ocmf', `${sections.length} sections`)
  // Whatever a line break between tokens would mean to JSON: a record is one line of a file of records.
  if (/[\n\r]/.test(text)) return problem('not-ocmf', 'more than one line')
  const payload = parseStrictJson(payloadText)
  const signature = parseStrictJson(signatureText)
  if (!payload.ok) return problem('json', payload.error)
  if (!signature.ok) return problem('json', signature.error)
  if (!isJsonObject(payload.value) || !isJsonObject(signature.value)) return problem('json', 'no object')
  const signed = readSignature(signature.value)
  if (!signed.ok) return signed
  return readPayload(payload.value, utf8(payloadText), signed.value)
}

function readPayload(
  payload: JsonObject,
  signedBytes: Bytes,
  signature: Ocmf['signature'],
): Result<Ocmf, OcmfProblem> {
  const wrong = textFields.find((name) => payload.has(name) && typeof payload.get(name) !== 'string')
  if (wrong !== undefined) return problem('field', wrong)
  const text = (name: (typeof textFields)[number]): string | undefined => {
    const value = payload.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const meterSerial = text('MS')
  if (meterSerial === undefined || meterSerial.length > 50) return problem('field', 'MS')
  const pagination = readPagination(text('PG'))
  if (pagination === undefined) return problem('field', 'PG')
  const identification = readIdentification(payload, text('IT'), text('ID'))
  if (identification === undefined) return problem('field', 'IS or IF')
  const readings = readReadings(payload.get('RD'))
  if (!readings.ok) return problem('field', readings.error)
  return ok({
    signedBytes,
    formatVersion: text('FV'),
    gatewayIdentification: text('GI'),
    gatewaySerial: text('GS'),
    meterVendor: text('MV'),
    meterModel: text('MM'),
    meterSerial,
    pagination,
    identification,
    chargePoint: { type: text('CT'), id: text('CI') },
    readings: readings.value,
    signature,
  })
}

const textFields = ['FV', 'GI', 'GS', 'GV', 'MV', 'MM', 'MS', 'MF', 'PG', 'IT', 'ID', 'CT', 'CI'] as const

function readPagination(text: string | undefined): Pagination | undefined {
  const [, context, digits] = /^([TF])(\d{1,15})$/.exec(text ?? '') ?? []
  if (digits === undefined) return undefined
  return { context: context === 'F' ? 'F' : 'T', number: Number(digits) }
}

const flagsMax = 8

function readIdentification(
  payload: JsonObject,
  type: string | undefined,
  id: string | undefined,
): Identification | undefined {
  const isAssigned = payload.get('IS') ?? false
  const listed = payload.get('IF') ?? []
  if (typeof isAssigned !== 'boolean' || !Array.isArray(listed) || listed.length > flagsMax) return undefined
  const flags: string[] = []
  for (const flag of listed as readonly unknown[]) {
    if (typeof flag !== 'string') return undefined
    flags.push(flag)
  }
  return { isAssigned, flags, type, id }
}

/** SA, SE, SM and SD, with the defaults of the format. */
function readSignature(section: JsonObject): Result<Ocmf['signature'], OcmfProblem> {
  const algorithm = section.get('SA') ?? 'ECDSA-secp256r1-SHA256'
  const curve = meterCurveNames.find((name) => algorithm === `ECDSA-${name}-SHA256`)
  if (curve === undefined) return problem('algorithm', String(algorithm).slice(0, 60))
  if ((section.get('SM') ?? 'application/x-der') !== 'application/x-der') return problem('field', 'SM')
  const encoding = section.get('SE') ?? 'hex'
  const data = section.get('SD')
  if (typeof data !== 'string') return problem('field', 'SD')
  const bytes = encoding === 'hex' ? readHex(data) : encoding === 'base64' ? readBase64(data) : undefined
  return bytes === undefined ? problem('field', 'SD or SE') : ok({ curve, bytes })
}

const problem = (fault: OcmfFault, detail: string): Result<never, OcmfProblem> =>
  err({ fault, detail: detail.slice(0, 120) })
