/**
 * The passkey's confirmation of one authorization, small enough for a code: the WebAuthn assertion over a challenge
 * that is the authorization's hash, with the public key whose hash the grant names. The charger checks it alone.
 */

import { concat, equalBytes, toBase64Url, toHex, utf8, fromHex, type Bytes } from '@/lib/core/bytes'
import { messageHash, publicKey, type MessageHash } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import { verifyEs256 } from '@/lib/crypto/es256'
import type { Verify } from '@/lib/crypto/signature'
import { decodeCbor, encodeCbor } from './cbor'
import { at, bytesUpTo, choice, struct, type PayloadOf } from './fields'

const field = struct({
  algorithm: at(1, choice(['ES256', 'EdDSA'])),
  /** 33-byte compressed point for ES256, 32 bytes for EdDSA. */
  key: at(2, bytesUpTo(33)),
  authenticatorData: at(3, bytesUpTo(256)),
  /** The exact bytes that the browser hashed. */
  clientData: at(4, bytesUpTo(320)),
  signature: at(5, bytesUpTo(80)),
})

export type PasskeyAssertion = PayloadOf<typeof field>

export const encodePasskeyAssertion = (assertion: PasskeyAssertion): Bytes =>
  encodeCbor(field.encode(assertion))

/** What the grant's `passkeyHash` commits to. */
export const passkeyHashOf = (algorithm: PasskeyAssertion['algorithm'], key: Uint8Array): MessageHash =>
  messageHash(toHex(sha256(concat(utf8(algorithm), key)).subarray(0, 16)))

export interface PasskeyExpectation {
  readonly authorizationHash: MessageHash
  readonly passkeyHash: MessageHash
  /** The relying party's id, for example `charge.example.org`. */
  readonly relyingPartyId: string
  readonly origins: readonly string[]
}

const userPresent = 0x01
const userVerified = 0x04

/** True only when the grant's passkey confirmed exactly this authorization for our origin, with user verification. */
export function verifyPasskeyAssertion(
  bytes: Uint8Array,
  expected: PasskeyExpectation,
  verify: Verify,
): boolean {
  const decoded = decodeCbor(bytes)
  const assertion = decoded.ok ? field.decode(decoded.value, 'passkey-assertion') : decoded
  if (!assertion.ok) return false
  const { algorithm, key, authenticatorData, clientData, signature } = assertion.value
  if (passkeyHashOf(algorithm, key) !== expected.passkeyHash) return false
  if (!clientDataMatches(clientData, expected)) return false
  if (!equalBytes(authenticatorData.subarray(0, 32), sha256(utf8(expected.relyingPartyId)))) return false
  const flags = authenticatorData[32] ?? 0
  if ((flags & userPresent) === 0 || (flags & userVerified) === 0) return false
  const signed = concat(authenticatorData, sha256(clientData))
  return algorithm === 'ES256'
    ? verifyEs256(key, signed, signature)
    : key.length === 32 && verify(publicKey(toHex(key)), signed, signature)
}

function clientDataMatches(clientData: Uint8Array, expected: PasskeyExpectation): boolean {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(clientData)) as Record<
      string,
      unknown
    >
    return (
      value['type'] === 'webauthn.get' &&
      value['challenge'] === toBase64Url(fromHex(expected.authorizationHash)) &&
      typeof value['origin'] === 'string' &&
      expected.origins.includes(value['origin']) &&
      value['crossOrigin'] !== true
    )
  } catch {
    return false
  }
}
