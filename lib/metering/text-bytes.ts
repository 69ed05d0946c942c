/** Bytes written as hex or base64, in either case and alphabet, as meters and their makers do. */

import { fromHex, toBytes, type Bytes } from '@/lib/core/bytes'

export const readHex = (text: string): Bytes | undefined =>
  /^([0-9a-f]{2})+$/i.test(text) ? fromHex(text.toLowerCase()) : undefined

/** RFC 4648 §4 or §5, with or without padding; undefined where spare bits are set, so that one text has one value. */
export function readBase64(text: string): Bytes | undefined {
  const bare = text.replace(/={0,2}$/, '')
  const isPadded = bare.length !== text.length
  if (!/^[A-Za-z0-9+/_-]+$/.test(bare) || bare.length % 4 === 1) return undefined
  if (isPadded && text.length % 4 !== 0) return undefined
  const standard = bare.replaceAll('-', '+').replaceAll('_', '/')
  const binary = atob(standard)
  if (btoa(binary).replace(/=+$/, '') !== standard) return undefined
  return toBytes(Array.from(binary, (character) => character.charCodeAt(0)))
}

/** Printable ASCII, or undefined. */
export function readAscii(bytes: Uint8Array): string | undefined {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...bytes) : undefined
}
