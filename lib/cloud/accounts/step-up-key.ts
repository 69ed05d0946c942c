/** A passkey's public key in the short form that grants commit to and chargers verify with. */

import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { concat, toBytes, toHex } from '@/lib/core/bytes'
import { compressP256 } from '@/lib/crypto/es256'

export interface StepUpKey {
  readonly algorithm: 'ES256' | 'EdDSA'
  /** Hex: 33-byte compressed point, or 32 bytes for EdDSA. */
  readonly publicKey: string
}

/** COSE labels (RFC 9053): algorithm, curve, coordinates. */
const label = { algorithm: 3, curve: -1, x: -2, y: -3 } as const
const es256 = -7
const edDsa = -8
const curveEd25519 = 6

/** Undefined for a key that chargers cannot verify with. */
export function stepUpKeyOf(coseKey: Uint8Array): StepUpKey | undefined {
  const key = decodeCredentialPublicKey(toBytes(coseKey)) as unknown as ReadonlyMap<number, unknown>
  const x = key.get(label.x)
  const y = key.get(label.y)
  if (!(x instanceof Uint8Array) || x.length !== 32) return undefined
  if (key.get(label.algorithm) === edDsa) {
    return key.get(label.curve) === curveEd25519 ? { algorithm: 'EdDSA', publicKey: toHex(x) } : undefined
  }
  if (key.get(label.algorithm) !== es256 || !(y instanceof Uint8Array)) return undefined
  const point = compressP256(concat(Uint8Array.of(4), x, y))
  return point === undefined ? undefined : { algorithm: 'ES256', publicKey: toHex(point) }
}
