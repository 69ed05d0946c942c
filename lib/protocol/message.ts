/**
 * Signed messages: COSE_Sign1 (RFC 9052), untagged. The protected header holds `alg` Ed25519 (−19, RFC 9864) and
 * nothing else, the unprotected header is empty, and `external_aad` names the message type, so that no message can
 * pass as another. Verification runs over the received bytes, never over a re-encoding.
 */

import { concat, equalBytes, toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import type { MessageHash, PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { sha256Hex } from '@/lib/crypto/hash'
import type { Signer, Verify } from '@/lib/crypto/signature'
import { byteStringHead, decodeCborInPlace, encodeCbor, type DecodeFault } from './cbor'
import { CborReader } from './cbor-reader'
import { readField, type Field } from './fields'

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
const protectedHeaderHex = toHex(protectedHeader)

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
  // One copy, of which everything else is a part.
  return bytes.length > limits.messageBytesMax ? tooLarge(bytes) : parse(type, toBytes(bytes))
}

/** The same of bytes that nobody changes: what is kept of the message keeps them alive. */
export function parseMessageInPlace<T>(
  type: MessageType<T>,
  bytes: Uint8Array,
): Result<ParsedMessage<T>, DecodeFault> {
  return parse(type, bytes)
}

function parse<T>(type: MessageType<T>, bytes: Uint8Array): Result<ParsedMessage<T>, DecodeFault> {
  const opened = openMessage(type, bytes)
  if (!opened.ok) return opened
  const { payload, payloadBytes, signature } = opened.value
  const signedBytes = sigStructure(type.name, payloadBytes)
  return ok({
    payload,
    bytes: bytes as Bytes,
    hash: hashOf(signedBytes),
    signature: signature as Bytes,
    signedBytes,
  })
}

/** For messages that something else vouches for, such as the log that they stand in: nobody will verify them. */
export type ReadMessage<T> = Pick<ParsedMessage<T>, 'payload' | 'bytes' | 'hash'>

/** In place, too. */
export function readMessage<T>(type: MessageType<T>, bytes: Uint8Array): Result<ReadMessage<T>, DecodeFault> {
  const opened = openMessage(type, bytes)
  if (!opened.ok) return opened
  const { payload, payloadBytes } = opened.value
  return ok({ payload, bytes: bytes as Bytes, hash: hashOf(sigStructureInRoom(type.name, payloadBytes)) })
}

interface OpenedMessage<T> {
  readonly payload: T
  readonly payloadBytes: Uint8Array
  readonly signature: Uint8Array
}

function openMessage<T>(type: MessageType<T>, bytes: Uint8Array): Result<OpenedMessage<T>, DecodeFault> {
  if (bytes.length > limits.messageBytesMax) return tooLarge(bytes)
  const parts = readSign1(bytes) ?? decodeSign1(bytes)
  if (!parts.ok) return parts
  const { payloadBytes, signature } = parts.value
  const known = readField(type.payload, payloadBytes)
  if (known !== undefined) return ok({ payload: known, payloadBytes, signature })
  const value = decodeCborInPlace(payloadBytes, limits.messageBytesMax)
  if (!value.ok) return value
  const payload = type.payload.decode(value.value, type.name)
  return payload.ok ? ok({ payload: payload.value, payloadBytes, signature }) : payload
}

type Sign1 = Omit<OpenedMessage<unknown>, 'payload'>

/** In one go; undefined for the slower way to say what is wrong. */
function readSign1(bytes: Uint8Array): Result<Sign1, never> | undefined {
  const reader = new CborReader(bytes, true)
  if (reader.openArray() !== 4 || reader.takeHex(protectedHeader.length) !== protectedHeaderHex)
    return undefined
  if (reader.openMap() !== 0) return undefined
  reader.close()
  const payloadBytes = reader.takeBytes()
  const signature = payloadBytes === undefined ? undefined : reader.takeBytes()
  if (payloadBytes === undefined || signature?.length !== 64 || !reader.isAtEnd()) return undefined
  return ok({ payloadBytes, signature })
}

function decodeSign1(bytes: Uint8Array): Result<Sign1, DecodeFault> {
  const outer = decodeCborInPlace(bytes, limits.messageBytesMax)
  if (!outer.ok) return outer
  const parts = outer.value
  if (!Array.isArray(parts) || parts.length !== 4) return notSign1('array of 4')
  const [header, unprotected, payloadBytes, signature] = parts as readonly unknown[]
  if (!(header instanceof Uint8Array) || !equalBytes(header, protectedHeader))
    return notSign1('alg Ed25519 only')
  if (!(unprotected instanceof Map) || unprotected.size !== 0) return notSign1('empty unprotected header')
  if (!(payloadBytes instanceof Uint8Array)) return notSign1('attached payload')
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return notSign1('64-byte signature')
  return ok({ payloadBytes, signature })
}

const tooLarge = (bytes: Uint8Array): Result<never, DecodeFault> =>
  err({ kind: 'too-large', bytes: bytes.length, bytesMax: limits.messageBytesMax })

export function verifyMessage<T>(
  message: ParsedMessage<T>,
  key: PublicKey,
  verify: Verify,
): VerifiedMessage<T> | undefined {
  return verify(key, message.signedBytes, message.signature) ? (message as VerifiedMessage<T>) : undefined
}

/** What a hash is written as needs no looking at. */
export const hashOf = (signedBytes: Uint8Array): MessageHash =>
  sha256Hex(signedBytes).slice(0, 32) as MessageHash

/** A message of a payload and a signature that came apart; whether they belong together, `verifyMessage` says. */
export const signedMessageBytes = (payloadBytes: Uint8Array, signature: Uint8Array): Bytes =>
  encodeCbor([protectedHeader, new Map(), payloadBytes, signature])

function assemble<T>(
  payload: T,
  payloadBytes: Bytes,
  signedBytes: Bytes,
  signature: Uint8Array,
): ParsedMessage<T> {
  const bytes = signedMessageBytes(payloadBytes, signature)
  return { payload, bytes, hash: hashOf(signedBytes), signature: toBytes(signature), signedBytes }
}

/** RFC 9052 §4.4: `['Signature1', protected, external_aad, payload]`, of which all but the last is the type's. */
const sigStructure = (name: string, payload: Uint8Array): Bytes =>
  payload.length <= limits.messageBytesMax
    ? sigStructureInRoom(name, payload).slice()
    : concat(sigStructureHead(name), byteStringHead(payload.length), payload)

/** Where a structure is put together to be hashed. Read at once, never kept. */
const room = new Uint8Array(limits.messageBytesMax + 128)

/** Until the next one. */
function sigStructureInRoom(name: string, payload: Uint8Array): Bytes {
  const head = sigStructureHead(name)
  room.set(head)
  const lengthHead = byteStringHead(payload.length)
  room.set(lengthHead, head.length)
  const start = head.length + lengthHead.length
  room.set(payload, start)
  return room.subarray(0, start + payload.length)
}

function sigStructureHead(name: string): Bytes {
  const known = sigStructureHeads.get(name)
  if (known !== undefined) return known
  const head = newSigStructureHead(name)
  sigStructureHeads.set(name, head)
  return head
}

/** One for each message type, of which there are two dozen. */
const sigStructureHeads = new Map<string, Bytes>()

/** The structure around an empty payload, without that payload's one byte. */
const newSigStructureHead = (name: string): Bytes =>
  encodeCbor(['Signature1', protectedHeader, utf8(`outpost/1/${name}`), new Uint8Array()]).slice(0, -1)

const notSign1 = (expected: string): Result<never, DecodeFault> =>
  err({ kind: 'wrong-shape', path: 'COSE_Sign1', expected })
