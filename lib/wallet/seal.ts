/**
 * Locks for signing keys on phones whose browser cannot keep a key by itself: random seeds are encrypted under one data
 * key, and that is wrapped by a PIN (PBKDF2) or by a passkey's own secret (WebAuthn PRF, then HKDF). The data key is in
 * memory while the seal is open and nowhere else.
 */

import { concat, utf8, type Bytes } from '@/lib/core/bytes'
import { noTries, type PinTries } from './pin-gate'

interface Wrapped {
  readonly nonce: Bytes
  readonly bytes: Bytes
}

export type SealLock =
  | { readonly kind: 'pin'; readonly salt: Bytes; readonly iterations: number; readonly wrapped: Wrapped }
  | {
      readonly kind: 'passkey'
      /** base64url, as WebAuthn names it. */
      readonly credentialId: string
      /** What the passkey is asked to derive from. */
      readonly salt: Bytes
      readonly wrapped: Wrapped
    }

/** As it lies on disk. */
export interface StoredSeal {
  readonly lock: SealLock
  readonly tries: PinTries
}

/** Below this a stolen disk gives a six-digit PIN away in minutes on one machine (OWASP's figure for SHA-256). */
const iterationsMin = 600_000
const iterationsMax = 6_000_000
const pinTimeMs = 500

/** As many rounds as this phone does in half a second, never fewer than the minimum. */
export async function measureIterations(monotonicMs: () => number): Promise<number> {
  const probe = 50_000
  const startedMs = monotonicMs()
  await pinKey('000000', new Uint8Array(16), probe)
  const perRoundMs = Math.max(0.000_01, (monotonicMs() - startedMs) / probe)
  return Math.min(iterationsMax, Math.max(iterationsMin, Math.floor(pinTimeMs / perRoundMs)))
}

/** Encrypts and decrypts seeds while it is open. */
export interface OpenSeal {
  sealSeed(seed: Bytes, name: string): Promise<Wrapped>
  /** Rejects where the bytes were changed or belong to another name. */
  openSeed(sealed: Wrapped, name: string): Promise<Bytes>
}

export async function sealWithPin(
  pin: string,
  iterations: number,
): Promise<{ readonly stored: StoredSeal; readonly open: OpenSeal }> {
  const salt = randomBytes(16)
  const dataKey = randomBytes(32)
  const wrapped = await wrap(await pinKey(pin, salt, iterations), dataKey)
  const open = await openSeal(dataKey)
  return { stored: { lock: { kind: 'pin', salt, iterations, wrapped }, tries: noTries }, open }
}

export async function sealWithPasskey(
  credentialId: string,
  salt: Bytes,
  secret: Bytes,
): Promise<{ readonly stored: StoredSeal; readonly open: OpenSeal }> {
  const dataKey = randomBytes(32)
  const wrapped = await wrap(await passkeyKey(secret), dataKey)
  const open = await openSeal(dataKey)
  return { stored: { lock: { kind: 'passkey', credentialId, salt, wrapped }, tries: noTries }, open }
}

/** Undefined for a wrong PIN or another passkey's secret. */
export async function unlock(
  lock: SealLock,
  proof: { readonly pin: string } | { readonly secret: Bytes },
): Promise<OpenSeal | undefined> {
  const dataKey = await unwrapped(lock, proof)
  return dataKey === undefined ? undefined : openSeal(dataKey)
}

/** The same data key under another PIN: every seed stays readable. Undefined when the old PIN is wrong. */
export async function withNewPin(
  lock: SealLock,
  pin: string,
  nextPin: string,
  iterations: number,
): Promise<StoredSeal | undefined> {
  const dataKey = await unwrapped(lock, { pin })
  if (dataKey === undefined) return undefined
  const salt = randomBytes(16)
  const wrapped = await wrap(await pinKey(nextPin, salt, iterations), dataKey)
  dataKey.fill(0)
  return { lock: { kind: 'pin', salt, iterations, wrapped }, tries: noTries }
}

async function unwrapped(
  lock: SealLock,
  proof: { readonly pin: string } | { readonly secret: Bytes },
): Promise<Bytes | undefined> {
  if (lock.kind === 'pin' && 'pin' in proof)
    return unwrap(await pinKey(proof.pin, lock.salt, lock.iterations), lock.wrapped)
  if (lock.kind === 'passkey' && 'secret' in proof)
    return unwrap(await passkeyKey(proof.secret), lock.wrapped)
  return undefined
}

async function openSeal(dataKey: Bytes): Promise<OpenSeal> {
  const key = await crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, ['encrypt', 'decrypt'])
  dataKey.fill(0)
  const asked = (nonce: Bytes, name: string) => ({
    name: 'AES-GCM',
    iv: nonce,
    additionalData: concat(utf8(`outpost seed ${name}`)),
  })
  return {
    async sealSeed(seed, name) {
      const nonce = randomBytes(12)
      return { nonce, bytes: new Uint8Array(await crypto.subtle.encrypt(asked(nonce, name), key, seed)) }
    },
    openSeed: async ({ nonce, bytes }, name) =>
      new Uint8Array(await crypto.subtle.decrypt(asked(nonce, name), key, bytes)),
  }
}

async function pinKey(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', concat(utf8(pin)), 'PBKDF2', false, ['deriveKey'])
  const cost = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(cost, secret, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}

async function passkeyKey(secret: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: concat(utf8('outpost seal')) }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

async function wrap(key: CryptoKey, dataKey: Bytes): Promise<Wrapped> {
  const nonce = randomBytes(12)
  return {
    nonce,
    bytes: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, dataKey)),
  }
}

async function unwrap(key: CryptoKey, { nonce, bytes }: Wrapped): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, bytes))
  } catch {
    return undefined
  }
}

const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))
