/** Random names and secrets that people and browsers carry; the database keeps only hashes of the secrets. */

import { toBase64Url, toHex, utf8 } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { sha256 } from '@/lib/crypto/hash'

/** 128 random bits as hex: an id that nobody guesses and nobody else draws. */
export const randomId = (random: Random): string => toHex(random.bytes(16))

/** 256 random bits: what a session cookie holds. */
export const randomToken = (random: Random): string => toBase64Url(random.bytes(32))

/** Without I, L, O, U, so that a code survives being read aloud (Crockford's base 32). */
const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 80 random bits in four groups of four: typed by hand once. */
export function randomCode(random: Random): string {
  const characters = [...random.bytes(16)].map((byte) => codeAlphabet[byte % 32] ?? '')
  return [0, 4, 8, 12].map((start) => characters.slice(start, start + 4).join('')).join('-')
}

/** Reads a code as people type it: any case, with or without dashes, O for 0, I or L for 1. */
export const normaliseCode = (text: string): string =>
  text.slice(0, 64).toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')

/** Secrets are long and random, so a plain hash is enough; it is also the key under which they are found. */
export const hashSecret = (secret: string): string => toHex(sha256(utf8(secret)))
