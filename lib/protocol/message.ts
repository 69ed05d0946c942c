/**
 * Signed messages: COSE_Sign1 (RFC 9052), untagged. The protected header holds `alg` Ed25519 (−19, RFC 9864) and
 * nothing else, the unprotected header is empty, and `external_aad` names the message type, so that no message can
 * pass as another. Verification runs over the received bytes, never over a re-encoding.
 */

import { concat, equalBytes, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { messageHash, type MessageHash, type PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { sha256Hex } from '@/lib/crypto/hash'
import type { Signer, Verify } from '@/lib/crypto/signature'
import { byteStringHead, decodeCborInPlace, encodeCbor, type DecodeFault } from './cbor'
import type { Field } from './fields'

export interface MessageType<T> {
  /** Part of the signature's domain: `outpost/1/<name>`. */
  readonly name: string
  readonly payload: Field<T>
}

/** Well-formed, but nobody vouches for it yet. */
export interface ParsedMessage<T> {
  readonly payload: T
  /** The exact received or signed bytes; what is stored, forwarded and verified. */
  readonly bytes: Bytes
  /** First 16 bytes of SHA-256 over the Sig_structure: names the content, whoever signed it. */
  readonly hash: MessageHash
  readonly signature: Bytes
  readonly signedBytes: Bytes
}

declare const verified: unique symbol
/** Parsed, and signed by the key that the caller demanded. Only `verifyMessage` and `signMessage` make one. */
export type VerifiedMessage<T> = ParsedMessage<T> & { readonly [verified]: true }

/** The bstr-wrapped `{1: -19}`. */
const protectedHeader = toBytes([0xa1, 0x01, 0x32])

export async function signMessage<T>(
  type: MessageType<T>,
  payload: NoInfer<T>,
  signer: Signer,
): Promise<VerifiedMessage<T>> {
  const payloadBytes = encodeCbor(type.payload.encode(payload))
  const signedBytes = sigStructure(type.name, payloadBytes)
  const signature = await signer.sign(signedBytes)
  return assemble(payload, payloadBytes, signedBytes, signature) as VerifiedMessage<T>
}

/** The hash that the message would have, before anybody signs it: what a passkey confirms. */
export const hashOfPayload = <T>(type: MessageType<T>, payload: NoInfer<T>): MessageHash =>
  hashOf(sigStructure(type.name, encodeCbor(type.payload.encode(payload))))

/** Strict decode without verification. Fails with what is wrong, never throws. */
export function parseMessage<T>(
  type: MessageType<T>,
  bytes: Uint8Array,
): Result<ParsedMessage<T>, DecodeFault> {
  const bytesMax = limits.messageBytesMax
  if (bytes.length > bytesMax) return err({ kind: 'too-large', bytes: bytes.length, bytesMax })
  // One copy, of which everything else is a part.
  const own = toBytes(bytes)
  const outer = decodeCborInPlace(own, bytesMax)
  if (!outer.ok) return outer
  const parts = outer.value
  if (!Array.isArray(parts) || parts.length !== 4) return notSign1('array of 4')
  const [header, unprotected, payloadBytes, signature] = parts as readonly unknown[]
  if (!(header instanceof Uint8Array) || !equalBytes(header, protectedHeader))
    return notSign1('alg Ed25519 only')
  if (!(unprotected instanceof Map) || unprotected.size !== 0) return notSign1('empty unprotected header')
  if (!(payloadBytes instanceof Uint8Array)) return notSign1('attached payload')
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return notSign1('64-byte signature')
  const value = decodeCborInPlace(payloadBytes, bytesMax)
  if (!value.ok) return value
  const payload = type.payload.decode(value.value, type.name)
  if (!payload.ok) return payload
  const signedBytes = sigStructure(type.name, payloadBytes)
  return ok({
    payload: payload.value,
    bytes: own,
    hash: hashOf(signedBytes),
    signature: signature as Bytes,
    signedBytes,
  })
}

export function verifyMessage<T>(
  message: ParsedMessage<T>,
  key: PublicKey,
  verify: Verify,
): VerifiedMessage<T> | undefined {
  return verify(key, message.signedBytes, message.signature) ? (message as VerifiedMessage<T>) : undefined
}

export const hashOf = (signedBytes: Uint8Array): MessageHash =>
  messageHash(sha256Hex(signedBytes).slice(0, 32))

function assemble<T>(
  payload: T,
  payloadBytes: Bytes,
  signedBytes: Bytes,
  signature: Uint8Array,
): ParsedMessage<T> {
  const bytes = encodeCbor([protectedHeader, new Map(), payloadBytes, signature])
  return { payload, bytes, hash: hashOf(signedBytes), signature: toBytes(signature), signedBytes }
}

/** RFC 9052 §4.4: `['Signature1', protected, external_aad, payload]`, of which all but the last is the type's. */
function sigStructure(name: string, payload: Uint8Array): Bytes {
  const known = sigStructureHeads.get(name)
  const head = known ?? sigStructureHead(name)
  if (known === undefined) sigStructureHeads.set(name, head)
  return concat(head, byteStringHead(payload.length), payload)
}

/** One for each message type, of which there are two dozen. */
const sigStructureHeads = new Map<string, Bytes>()

/** The structure around an empty payload, without that payload's one byte. */
const sigStructureHead = (name: string): Bytes =>
  encodeCbor(['Signature1', protectedHeader, utf8(`outpost/1/${name}`), new Uint8Array()]).slice(0, -1)

const notSign1 = (expected: string): Result<never, DecodeFault> =>
  err({ kind: 'wrong-shape', path: 'COSE_Sign1', expected })
