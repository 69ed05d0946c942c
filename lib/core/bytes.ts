/** Byte strings: joining, comparing, and their two text forms. */

/** Bytes whose buffer is never shared, as WebCrypto and IndexedDB demand. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Copies any view into bytes of its own. */
export const toBytes = (source: ArrayLike<number> | ArrayBuffer): Bytes =>
  new Uint8Array(source instanceof ArrayBuffer ? source.slice(0) : source)

const encoder = new TextEncoder()
export const utf8 = (text: string): Bytes => toBytes(encoder.encode(text))

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let index = 0; index < left.length; index += 1) difference |= (left[index] ?? 0) ^ (right[index] ?? 0)
  return difference === 0
}

/** Both digits of every byte as character codes, because hashes are written by the thousand. */
const hexCodes = Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, '0')
  return [digits.charCodeAt(0), digits.charCodeAt(1)] as const
})
/** Keeps the arguments of one call below what engines allow. */
const hexChunk = 4_096

export const toHex = (bytes: Uint8Array): string => hexWithin(bytes, 0, bytes.length)

/** The hex of a part, without a view of it. */
export function hexWithin(bytes: Uint8Array, start: number, end: number): string {
  if (nodeHex !== undefined) return nodeHex.call(bytes, start, end)
  if (end - start > hexChunk)
    return hexWithin(bytes, start, start + hexChunk) + hexWithin(bytes, start + hexChunk, end)
  const codes: number[] = []
  for (const byte of bytes.subarray(start, end)) {
    const pair = hexCodes[byte]
    if (pair !== undefined) codes.push(pair[0], pair[1])
  }
  return String.fromCharCode(...codes)
}

/** What Node's buffers write hex with takes any bytes, and a tenth of the time; browsers have no such thing. */
const nodeHex = (
  globalThis as {
    readonly Buffer?: {
      readonly prototype: { hexSlice?(this: Uint8Array, start: number, end: number): string }
    }
  }
).Buffer?.prototype.hexSlice

/** Lower-case, even-length hex to bytes; throws RangeError on anything else. */
export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new RangeError('Not lower-case hex')
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16)
  }
  return bytes
}

/** RFC 4648 §5, no padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Strict inverse of `toBase64Url`; undefined on anything that it could not have produced. */
export function fromBase64Url(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return toBase64Url(bytes) === text ? bytes : undefined
}
