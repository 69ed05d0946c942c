/** The six digits that end a session at the touchscreen. Only their digest is signed into the answer. */

import { concat, equalBytes, fromHex, utf8, type Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'

/** From 4 random bytes; the bias of the modulo is below 10⁻³ of a digit and guesses are limited to five. */
export function stopCodeFrom(random: Uint8Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = random
  const value = a * 16_777_216 + b * 65_536 + c * 256 + d
  return String(value % 1_000_000).padStart(6, '0')
}

export const stopDigest = (sessionId: SessionId, stopCode: string): Bytes =>
  sha256(concat(fromHex(sessionId), utf8(stopCode))).slice(0, 8)

export const stopCodeMatches = (sessionId: SessionId, stopCode: string, digest: Uint8Array): boolean =>
  equalBytes(stopDigest(sessionId, stopCode), digest)
