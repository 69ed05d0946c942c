/**
 * Public keys of meters. They come as SubjectPublicKeyInfo, as PEM or as a bare point, in hex or base64, some in both, some
 * behind the prefix of the Open Charge Alliance; all become one point, and one fingerprint that a charger certificate names.
 */

import { concat, equalBytes, toHex } from '@/lib/core/bytes'
import { messageHash, type MessageHash } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { sha256 } from '@/lib/crypto/hash'
import {
  meterCurveNames,
  meterCurves,
  spkiOf,
  type MeterCrypto,
  type MeterCurve,
  type MeterKey,
} from '@/lib/crypto/meter-signature'
import { readAscii, readBase64, readHex } from './text-bytes'

export const meterKeyCharsMax = limits.meterKeyCharsMax

/** @param curve of a bare point, which does not say where it lies: the one that the signature names. */
export function readMeterKey(
  text: string,
  curve: MeterCurve | undefined,
  { uncompress }: MeterCrypto,
): MeterKey | undefined {
  const bytes = text.length > meterKeyCharsMax ? undefined : keyBytes(text.trim())
  if (bytes === undefined) return undefined
  const key = inSpki(bytes) ?? barePoint(bytes, curve)
  const point = key === undefined ? undefined : uncompress(key)
  return key === undefined || point === undefined ? undefined : { curve: key.curve, point }
}

/** First 16 bytes of SHA-256 over the SubjectPublicKeyInfo with the uncompressed point. */
export const meterKeyHash = (key: MeterKey): MessageHash =>
  messageHash(toHex(sha256(spkiOf(key)).subarray(0, 16)))

function keyBytes(text: string, isInner = false): Uint8Array | undefined {
  const pem = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(text)
  if (pem !== null) return readBase64((pem[1] ?? '').replaceAll(/\s/g, ''))
  const [, encoding, rest] = /^oca:(base16|base64):asn1:(.+)$/.exec(text) ?? []
  if (rest !== undefined) return encoding === 'base16' ? readHex(rest) : readBase64(rest)
  const bytes = readHex(text) ?? readBase64(text)
  // OCPP 2.0.1 §2.46 wants base64; some chargers put the whole text of the key into it.
  const inner = bytes === undefined || isInner ? undefined : readAscii(bytes)
  return (inner === undefined ? undefined : keyBytes(inner, true)) ?? bytes
}

/** Built and compared rather than taken apart: there is one right form for each curve and length. */
function inSpki(bytes: Uint8Array): MeterKey | undefined {
  for (const curve of meterCurveNames) {
    const { coordinateBytes } = meterCurves[curve]
    for (const length of [2 * coordinateBytes + 1, coordinateBytes + 1]) {
      const key: MeterKey = { curve, point: bytes.slice(-length) }
      if (equalBytes(spkiOf(key), bytes)) return key
    }
  }
  return undefined
}

function barePoint(bytes: Uint8Array, curve: MeterCurve | undefined): MeterKey | undefined {
  if (curve === undefined) return undefined
  const { coordinateBytes } = meterCurves[curve]
  switch (bytes.length) {
    case 2 * coordinateBytes + 1:
    case coordinateBytes + 1:
      return { curve, point: bytes }
    // x and y alone, as some meters show them on their display.
    case 2 * coordinateBytes:
      return { curve, point: concat(Uint8Array.of(4), bytes) }
    default:
      return undefined
  }
}
