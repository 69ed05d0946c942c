/**
 * Sealing to a public key by HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: with a
 * fresh key for each message, so that nothing has to be kept or agreed upon. And AES-256-GCM under a shared key.
 */

import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { concat, fromHex, toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { sealingKey } from '@/lib/core/ids'
import {
  encapsulatedBytes,
  sealedBytesMore,
  tagBytes,
  type Seal,
  type SealingPair,
  type SharedKey,
  type Unseal,
} from './sealing'

const nonceBytes = 12

export const sharedBytesMore = nonceBytes + tagBytes

const info = utf8('outpost parcel 1')

const suite = (): CipherSuite =>
  new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() })

export const sealWithHpke: Seal = async (to, plain, label) => {
  const hpke = suite()
  const recipientPublicKey = await hpke.kem.deserializePublicKey(fromHex(to))
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info }, toBytes(plain), toBytes(label))
  return concat(new Uint8Array(enc), new Uint8Array(ct))
}

/** @param secret 32 bytes; the pair is drawn from them (RFC 9180, DeriveKeyPair). */
export async function hpkePair(secret: Uint8Array): Promise<SealingPair> {
  const { kem } = suite()
  const pair = await kem.deriveKeyPair(toBytes(secret))
  const unseal: Unseal = async (sealed, label) => {
    if (sealed.length < sealedBytesMore) return undefined
    const enc = toBytes(sealed.subarray(0, encapsulatedBytes))
    const ciphertext = toBytes(sealed.subarray(encapsulatedBytes))
    try {
      return toBytes(
        await suite().open({ recipientKey: pair.privateKey, enc, info }, ciphertext, toBytes(label)),
      )
    } catch {
      return undefined
    }
  }
  return {
    publicKey: sealingKey(toHex(new Uint8Array(await kem.serializePublicKey(pair.publicKey)))),
    unseal,
  }
}

/** @param nonce 12 random bytes, never the same twice under one key. */
export async function sealShared(
  key: SharedKey,
  plain: Uint8Array,
  label: Uint8Array,
  nonce: Bytes,
): Promise<Bytes> {
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: toBytes(label) },
    await aesKey(key, 'encrypt'),
    toBytes(plain),
  )
  return concat(nonce, new Uint8Array(sealed))
}

/** Undefined: damaged, of another label, or under another key. */
export async function unsealShared(
  key: SharedKey,
  sealed: Uint8Array,
  label: Uint8Array,
): Promise<Bytes | undefined> {
  if (sealed.length < sharedBytesMore) return undefined
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: toBytes(sealed.subarray(0, nonceBytes)), additionalData: toBytes(label) },
      await aesKey(key, 'decrypt'),
      toBytes(sealed.subarray(nonceBytes)),
    )
    return toBytes(plain)
  } catch {
    return undefined
  }
}

const aesKey = (key: SharedKey, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use])
