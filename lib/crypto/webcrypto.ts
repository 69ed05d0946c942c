/** Ed25519 through WebCrypto with keys that cannot be exported: the wallet's device key on phones that have it. */

import { fromHex, toBytes, toHex } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import { isAcceptableKey } from './key-check'
import type { Signer } from './signature'

/** Whether this platform can create and use a non-extractable Ed25519 key. Costs one key generation. */
export async function webCryptoHasEd25519(): Promise<boolean> {
  try {
    const pair = await generateDeviceKey()
    const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, new Uint8Array(1))
    return signature.byteLength === 64
  } catch {
    return false
  }
}

/** A fresh pair whose private half never leaves the platform; storable in IndexedDB as it is. */
export async function generateDeviceKey(): Promise<CryptoKeyPair> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('Ed25519 key generation gave no key pair')
  return pair
}

export async function webCryptoSigner(pair: CryptoKeyPair): Promise<Signer> {
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey)
  return {
    publicKey: publicKey(toHex(new Uint8Array(raw))),
    sign: async (message) => toBytes(await crypto.subtle.sign('Ed25519', pair.privateKey, toBytes(message))),
  }
}

/** The same verdict as the other adapters, for whoever can wait. Unsound keys never reach the platform. */
export async function verifyWithWebCrypto(
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64 || !isAcceptableKey(key)) return false
  const imported = await crypto.subtle.importKey('raw', fromHex(key), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', imported, toBytes(signature), toBytes(message))
}
