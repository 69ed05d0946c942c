/**
 * What one code or one Bluetooth transfer carries: a kind and its parts, as a deterministic CBOR array
 * `[kind, part…]` of byte strings. Parts are messages and attachments; each is verified by its own signature or hash.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { decodeBase45, encodeBase45 } from './base45'
import { decodeCbor, encodeCbor } from './cbor'

/** The parts of each kind, in order; a trailing `?` may be absent. */
export const envelopeParts = {
  offer: ['offer', 'charger-certificate'],
  authorization: ['authorization', 'grant', 'passkey-assertion?'],
  answer: ['answer'],
  status: ['status'],
  receipt: ['receipt'],
  'receipt-proof': ['receipt', 'charger-certificate', 'offer', 'authorization'],
  stop: ['stop'],
  /** What the issuer told the phone and the charger should know, piece by piece (`news-item.ts`). */
  news: ['news-item', 'news-item?', 'news-item?', 'news-item?', 'news-item?', 'news-item?'],
  voucher: ['voucher'],
  'technician-challenge': ['technician-challenge', 'charger-certificate'],
  'technician-entry': ['technician-entry', 'technician-pass'],
} as const

export type EnvelopeKind = keyof typeof envelopeParts

const wireNumbers = {
  offer: 1,
  authorization: 2,
  answer: 3,
  status: 4,
  receipt: 5,
  'receipt-proof': 6,
  stop: 7,
  news: 8,
  voucher: 9,
  'technician-challenge': 10,
  'technician-entry': 11,
} as const satisfies Record<EnvelopeKind, number>

export interface Envelope {
  readonly kind: EnvelopeKind
  readonly parts: readonly Bytes[]
}

/** Marks our codes and their version, so that a foreign code is told apart from a damaged one. */
export const codePrefix = 'OP1:'

export const encodeEnvelope = (envelope: Envelope): Bytes =>
  encodeCbor([wireNumbers[envelope.kind], ...envelope.parts])

export function decodeEnvelope(bytes: Uint8Array): Result<Envelope, ReasonCode> {
  const decoded = decodeCbor(bytes, limits.messageBytesMax)
  if (!decoded.ok) return err(decoded.error.kind === 'too-large' ? 'code.too-large' : 'code.damaged')
  if (!Array.isArray(decoded.value) || decoded.value.length > limits.envelopePartsMax + 1)
    return err('code.damaged')
  const [wire, ...parts] = decoded.value as readonly unknown[]
  const kind = (Object.keys(wireNumbers) as EnvelopeKind[]).find((name) => wireNumbers[name] === wire)
  if (kind === undefined) return err(typeof wire === 'number' ? 'code.version' : 'code.damaged')
  const expected = envelopeParts[kind]
  const required = expected.filter((name) => !name.endsWith('?')).length
  if (parts.length < required || parts.length > expected.length) return err('code.damaged')
  const ownParts: Bytes[] = []
  for (const part of parts) {
    if (!(part instanceof Uint8Array)) return err('code.damaged')
    ownParts.push(toBytes(part))
  }
  return ok({ kind, parts: ownParts })
}

/** The text of the QR code: characters of the alphanumeric mode only. */
export const envelopeToText = (envelope: Envelope): string =>
  codePrefix + encodeBase45(encodeEnvelope(envelope))

/** From scanned text. Says whether it is not ours, of another version, damaged or too large. */
export function envelopeFromText(text: string): Result<Envelope, ReasonCode> {
  if (text.length > limits.scannedTextCharsMax) return err('code.too-large')
  if (!text.startsWith(codePrefix)) return err(/^OP\d+F?:/.test(text) ? 'code.version' : 'code.not-outpost')
  const bytes = decodeBase45(text.slice(codePrefix.length))
  return bytes === undefined ? err('code.damaged') : decodeEnvelope(bytes)
}
