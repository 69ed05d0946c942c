/**
 * Ed25519's equation by libsodium, at half the price of OpenSSL's. It comes as a prebuilt library; where there is none
 * for the platform, node:crypto alone decides. The verdict is the same with and without it: what libsodium accepts,
 * OpenSSL accepts, and what it refuses is asked of OpenSSL, which takes an R that is the identity and libsodium does not.
 * Says nothing about keys: small or mixed order is for `key-check.ts` to find.
 */

import { createPublicKey, verify } from 'node:crypto'
import { createRequire } from 'node:module'
import type { PublicKey } from '@/lib/core/ids'
import type { Verify } from './signature'

type SodiumVerify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean

/** By the name of the package at run time, so that no bundle tries to take a library of machine code in. */
function loadSodium(): SodiumVerify | undefined {
  try {
    const load = createRequire(import.meta.url) as (name: string) => {
      readonly crypto_sign_verify_detached: SodiumVerify
    }
    return load('sodium-native').crypto_sign_verify_detached
  } catch {
    return undefined
  }
}

const sodium = loadSodium()

/** Whether the library is there, for tests and for whoever measures. */
export const hasSodium = sodium !== undefined

/** Only for keys that have been examined. */
export const verifyEquation: Verify = (key, message, signature) =>
  signature.length === 64 &&
  (sodium?.(signature, message, Buffer.from(key, 'hex')) === true || verifyByOpenssl(key, message, signature))

/** As a JSON key, because OpenSSL's reading of DER costs as much as a verification. */
function verifyByOpenssl(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(key, 'hex').toString('base64url')
  return verify(
    null,
    message,
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
    signature,
  )
}
