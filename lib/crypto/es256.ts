/** ECDSA on P-256 with SHA-256 (COSE ES256): what most passkeys sign with. Plain script, so chargers can verify. */

import { p256 } from '@noble/curves/nist.js'

/** `key` is the 33-byte compressed point, `signature` DER as WebAuthn gives it. Never throws. */
export function verifyEs256(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, key, { format: 'der', lowS: false, prehash: true })
  } catch {
    return false
  }
}

/** Uncompressed or compressed point, or undefined when it is not on the curve. */
export function compressP256(point: Uint8Array): Uint8Array | undefined {
  try {
    return p256.Point.fromBytes(point).toBytes(true)
  } catch {
    return undefined
  }
}
