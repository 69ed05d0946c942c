/** The port for signatures of meters: ECDSA with SHA-256 on the curves that OCMF names. */

import { concat, fromHex, type Bytes } from '@/lib/core/bytes'

/** Curves as OCMF writes them, with their object identifiers and the bytes of one coordinate. */
export const meterCurves = {
  secp192r1: { oid: '2a8648ce3d030101', coordinateBytes: 24 },
  secp192k1: { oid: '2b8104001f', coordinateBytes: 24 },
  secp256r1: { oid: '2a8648ce3d030107', coordinateBytes: 32 },
  secp256k1: { oid: '2b8104000a', coordinateBytes: 32 },
  secp384r1: { oid: '2b81040022', coordinateBytes: 48 },
  brainpool256r1: { oid: '2b2403030208010107', coordinateBytes: 32 },
  brainpool384r1: { oid: '2b240303020801010b', coordinateBytes: 48 },
} as const

export type MeterCurve = keyof typeof meterCurves
export const meterCurveNames = Object.keys(meterCurves) as readonly MeterCurve[]

/** A point as SEC 1 writes it: compressed, or not. */
export interface MeterKey {
  readonly curve: MeterCurve
  readonly point: Uint8Array
}

/**
 * True for a DER signature (r, s) by `key` over `message`, hashed with SHA-256 whatever the curve. Both s and −s are good,
 * as everywhere in OCMF. Never throws: a point that is not on its curve signed nothing.
 */
export type VerifyMeter = (key: MeterKey, message: Uint8Array, signature: Uint8Array) => boolean

/** The same point without compression, 04 in front; undefined when it is not on the curve. */
export type UncompressPoint = (key: MeterKey) => Uint8Array | undefined

export interface MeterCrypto {
  readonly verify: VerifyMeter
  readonly uncompress: UncompressPoint
}

/** SubjectPublicKeyInfo (RFC 5480) with a named curve: all lengths here are below 128. */
export function spkiOf({ curve, point }: MeterKey): Bytes {
  const algorithm = concat(
    tagged(0x06, fromHex('2a8648ce3d0201')),
    tagged(0x06, fromHex(meterCurves[curve].oid)),
  )
  const key = tagged(0x03, concat(Uint8Array.of(0), point))
  return tagged(0x30, concat(tagged(0x30, algorithm), key))
}

const tagged = (tag: number, body: Uint8Array): Bytes => concat(Uint8Array.of(tag, body.length), body)
