/**
 * A code on its way over Bluetooth: its envelope's bytes in chunks, each behind one byte that says whether more follows
 * (01) or this was the last (00), as in ISO 18013-5 §8.3.3.1.1.6. Caps come before memory: a chunk that would make the
 * whole too large is refused before it is kept. Time is the caller's business.
 */

import { concat, toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { decodeBase45, encodeBase45 } from './base45'
import { codePrefix } from './envelope'

const prefixes = { last: 0, more: 1 } as const

/** The chunks of a code (`OP1:…`), none longer than `chunkBytesMax`; undefined for what is no code. */
export function chunksOfCode(text: string, chunkBytesMax: number): readonly Bytes[] | undefined {
  const whole = text.startsWith(codePrefix) ? decodeBase45(text.slice(codePrefix.length)) : undefined
  if (whole === undefined || whole.length === 0 || whole.length > limits.messageBytesMax) return undefined
  const size = Math.max(1, Math.min(chunkBytesMax, limits.bluetoothValueBytesMax) - 1)
  return Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => {
    const end = (index + 1) * size
    const prefix = end < whole.length ? prefixes.more : prefixes.last
    return concat(toBytes([prefix]), whole.subarray(index * size, end))
  })
}

/** The chunks of one code that came so far. A value: gathering makes the next one. */
export interface ChunkGathering {
  readonly pieces: readonly Bytes[]
  readonly length: number
}

export const nothingGathered: ChunkGathering = { pieces: [], length: 0 }

export type GatheredChunk =
  | { readonly kind: 'part'; readonly gathering: ChunkGathering }
  /** The text that a camera would have read; it is judged where that would be. */
  | { readonly kind: 'whole'; readonly text: string }

/** Refuses with `link.chunk` what is no chunk, and with `code.too-large` what would become too much. */
export function gatherChunk(
  { pieces, length }: ChunkGathering,
  chunk: Uint8Array,
): Result<GatheredChunk, ReasonCode> {
  const [prefix] = chunk
  // A chunk without content would let a sender go on for ever within any cap on bytes.
  if (chunk.length < 2 || chunk.length > limits.bluetoothValueBytesMax) return err('link.chunk')
  if (prefix !== prefixes.last && prefix !== prefixes.more) return err('link.chunk')
  const lengthNow = length + chunk.length - 1
  if (lengthNow > limits.messageBytesMax) return err('code.too-large')
  const all = [...pieces, toBytes(chunk.subarray(1))]
  return prefix === prefixes.more
    ? ok({ kind: 'part', gathering: { pieces: all, length: lengthNow } })
    : ok({ kind: 'whole', text: codePrefix + encodeBase45(concat(...all)) })
}
