/**
 * Ed25519 signatures by libsodium, at half the price of OpenSSL's: they are the dearest single thing of a world. The
 * scheme leaves no choice (RFC 8032), so both give the same bytes and a world has the same trace with either; where
 * there is no prebuilt library for the platform, OpenSSL signs.
 */

import { createRequire } from 'node:module'
import { toBytes, toHex } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { nodeSigner } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'

interface Sodium {
  readonly crypto_sign_seed_keypair: (publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array) => void
  readonly crypto_sign_detached: (signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array) => void
}

/** By the name of the package at run time, so that no bundle tries to take a library of machine code in. */
function loadSodium(): Sodium | 'none' {
  try {
    const load = createRequire(import.meta.url) as (name: string) => Sodium
    return load('sodium-native')
  } catch {
    return 'none'
  }
}

const loaded = loadSodium()

export function quickSigner(seed: Uint8Array, sodium: Sodium | 'none' = loaded): Signer {
  if (sodium === 'none') return nodeSigner(seed)
  const key = new Uint8Array(32)
  const secret = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(key, secret, seed)
  return {
    publicKey: publicKey(toHex(key)),
    sign(message) {
      const signature = new Uint8Array(64)
      sodium.crypto_sign_detached(signature, message, secret)
      return Promise.resolve(toBytes(signature))
    },
  }
}
