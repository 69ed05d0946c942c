/**
 * Deterministic CBOR (RFC 8949 §4.2.1) of what our messages are made of, written straight into one buffer. Worlds encode
 * thousands of messages a second; the product's own encoder takes values of any kind apart first. A test holds this one
 * to that one. Put into the workers of worlds when they are bundled.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { CborMap, CborValue } from '@/lib/protocol/cbor'

/** Grown when something longer comes; encoding never waits, so one is enough. */
let buffer = Buffer.alloc(65_536)
let end = 0

export function quickCbor(value: CborValue): Bytes {
  end = 0
  write(value)
  return toBytes(buffer.subarray(0, end))
}

function room(size: number): void {
  if (end + size <= buffer.length) return
  buffer = Buffer.concat([buffer], Math.max(buffer.length * 2, end + size))
}

function write(value: CborValue): void {
  if (typeof value === 'number') writeInteger(value)
  else if (typeof value === 'string') writeText(value)
  else if (typeof value === 'boolean') head(7, value ? 21 : 20)
  else if (value instanceof Uint8Array) writeBytes(value)
  else if (isList(value)) writeList(value)
  else writeMap(value)
}

const isList = (value: readonly CborValue[] | CborMap): value is readonly CborValue[] => Array.isArray(value)

function writeInteger(value: number): void {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no integer of a message`)
  if (value < 0) head(1, -1 - value)
  else head(0, value)
}

function writeText(value: string): void {
  const length = Buffer.byteLength(value)
  head(3, length)
  room(length)
  end += buffer.write(value, end)
}

function writeBytes(value: Uint8Array): void {
  head(2, value.length)
  room(value.length)
  buffer.set(value, end)
  end += value.length
}

function writeList(values: readonly CborValue[]): void {
  head(4, values.length)
  for (const one of values) write(one)
}

/** Small integers sort as their encodings do; keys below zero come after all others. */
function writeMap(map: CborMap): void {
  head(5, map.size)
  const keys = [...map.keys()].sort((left, right) => orderOf(left) - orderOf(right))
  for (const key of keys) {
    writeInteger(key)
    write(map.get(key) as CborValue)
  }
}

const orderOf = (key: number): number => (key < 0 ? 2 ** 52 - key : key)

function head(major: number, argument: number): void {
  room(9)
  const first = major << 5
  if (argument < 24) end = buffer.writeUInt8(first | argument, end)
  else if (argument < 0x100) end = buffer.writeUInt8(argument, buffer.writeUInt8(first | 24, end))
  else if (argument < 0x1_0000) end = buffer.writeUInt16BE(argument, buffer.writeUInt8(first | 25, end))
  else if (argument < 0x1_0000_0000) end = buffer.writeUInt32BE(argument, buffer.writeUInt8(first | 26, end))
  else {
    end = buffer.writeUInt8(first | 27, end)
    end = buffer.writeUInt32BE(Math.floor(argument / 0x1_0000_0000), end)
    end = buffer.writeUInt32BE(argument % 0x1_0000_0000, end)
  }
}
