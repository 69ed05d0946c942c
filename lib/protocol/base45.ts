/**
 * Base45 (RFC 9285), strict: npm's `base45` accepts lower case, lone characters and groups above 65535, each of
 * which would give one code several spellings.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const values = new Map([...alphabet].map((character, value) => [character, value]))

export function encodeBase45(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 2) {
    const first = bytes[index] ?? 0
    const second = bytes[index + 1]
    let rest = second === undefined ? first : first * 256 + second
    for (let digit = 0; digit < (second === undefined ? 2 : 3); digit += 1) {
      text += alphabet.charAt(rest % 45)
      rest = Math.floor(rest / 45)
    }
  }
  return text
}

/** The bytes, or undefined for any text that `encodeBase45` does not produce. */
export function decodeBase45(text: string): Bytes | undefined {
  if (text.length % 3 === 1) return undefined
  const bytes: number[] = []
  for (let index = 0; index < text.length; index += 3) {
    const digits = [...text.slice(index, index + 3)].map((character) => values.get(character))
    const [low, middle, high] = digits
    if (low === undefined || middle === undefined || (digits.length === 3 && high === undefined))
      return undefined
    const value = low + middle * 45 + (high ?? 0) * 2_025
    if (value > (digits.length === 3 ? 65_535 : 255)) return undefined
    if (digits.length === 3) bytes.push(value >> 8)
    bytes.push(value & 255)
  }
  return toBytes(bytes)
}
