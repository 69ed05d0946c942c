/** Ed25519 in plain script over @noble/ed25519: the reference verdict, and the signer where WebCrypto lacks it. */

import { getPublicKey, hash as sha512Hash, hashes, Point, sign } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, equalBytes, fromHex, toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import { isAcceptableKey } from './key-check'
import type { Signer, Verify } from './signature'

hashes.sha512 = sha512

const order = Point.CURVE().n

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index -= 1) value = value * 256n + BigInt(bytes[index] ?? 0)
  return value
}

/**
 * RFC 8032 §5.1.7 in its cofactorless form: R must equal [S]B − [k]A byte for byte, as OpenSSL and BoringSSL check
 * it. noble's own `verify` multiplies by the cofactor and would accept signatures that those two refuse.
 */
export const verifyWithNoble: Verify = (key, message, signature) => {
  if (signature.length !== 64 || !isAcceptableKey(key)) return false
  const claimedR = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  if (s >= order) return false
  try {
    const keyBytes = fromHex(key)
    const challenge = littleEndian(sha512Hash(concat(claimedR, keyBytes, message))) % order
    const negatedKey = Point.fromBytes(keyBytes, false).negate()
    const r = multiply(Point.BASE, s).add(multiply(negatedKey, challenge))
    return equalBytes(r.toBytes(), claimedR)
  } catch {
    return false
  }
}

const multiply = (point: Point, scalar: bigint): Point =>
  scalar === 0n ? Point.ZERO : point.multiply(scalar, false)

/** A signer over a 32-byte seed. The caller keeps the seed secret and random. */
export function nobleSigner(seed: Uint8Array): Signer {
  const secret = toBytes(seed)
  return {
    publicKey: publicKeyOfSeed(secret),
    sign: (message): Promise<Bytes> => Promise.resolve(toBytes(sign(message, secret))),
  }
}

export const publicKeyOfSeed = (seed: Uint8Array): PublicKey => publicKey(toHex(getPublicKey(seed)))
