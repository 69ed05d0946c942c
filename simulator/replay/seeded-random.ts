/** Randomness from a seed: bytes for keys and nonces, fractions for what people and links do. The same every time. */

import { toBytes, utf8 } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { sha256 } from '@/lib/crypto/hash'

const blockBytes = 32

/** Hashes of the seed and a counter. Good enough for keys that guard nothing. */
export function seededRandom(seed: string): Random {
  let count = 0
  const block = (): Uint8Array => {
    count += 1
    return sha256(utf8(`${seed}/${count}`))
  }
  return {
    bytes(length) {
      const bytes = new Uint8Array(Math.ceil(length / blockBytes) * blockBytes)
      for (let offset = 0; offset < length; offset += blockBytes) bytes.set(block(), offset)
      return toBytes(bytes.subarray(0, length))
    },
  }
}

/** In [0, 1). */
export function fractionFrom(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4)
  return (((a * 256 + b) * 256 + c) * 256 + d) / 2 ** 32
}
