/**
 * Deterministic CBOR (RFC 8949 §4.2.1). What we write is encoded by `cborg`; what strangers write is read by a decoder
 * of our own that accepts exactly the one spelling which the encoder gives: heads as short as they can be, keys in
 * ascending order and once, sound UTF-8, nothing left over, and only the few kinds that our messages are made of.
 */

import { encode, rfc8949EncodeOptions } from 'cborg'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { CborReader, type CborMap, type CborValue, type DecodeFault } from './cbor-reader'

export type { CborMap, CborValue, DecodeFault }

export const encodeCbor = (value: CborValue): Bytes => toBytes(encode(value, rfc8949EncodeOptions))

/** What `encodeCbor` writes before the bytes of a byte string. */
export function byteStringHead(length: number): Bytes {
  if (length < 24) return Uint8Array.of(0x40 | length)
  if (length < 0x100) return Uint8Array.of(0x58, length)
  if (length < 0x1_00_00) return Uint8Array.of(0x59, length >> 8, length & 0xff)
  return Uint8Array.of(0x5a, length >>> 24, length >>> 16, length >>> 8, length)
}

/** Byte strings are copies, so that what is kept of a message keeps nothing else alive. */
export function decodeCbor(
  bytes: Uint8Array,
  bytesMax: number = limits.messageBytesMax,
): Result<CborValue, DecodeFault> {
  if (bytes.length > bytesMax) return err({ kind: 'too-large', bytes: bytes.length, bytesMax })
  return read(new CborReader(bytes, false))
}

/**
 * For whoever takes a message apart and copies what is kept: the byte strings are views of `bytes`, as they stand there.
 */
export function decodeCborInPlace(bytes: Uint8Array, bytesMax: number): Result<CborValue, DecodeFault> {
  if (bytes.length > bytesMax) return err({ kind: 'too-large', bytes: bytes.length, bytesMax })
  return read(new CborReader(bytes, true))
}

function read(reader: CborReader): Result<CborValue, DecodeFault> {
  const value = reader.readAll()
  return value === undefined ? err(reader.fault) : ok(value)
}
