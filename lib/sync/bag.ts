/**
 * A bag: parcels, answers or news one after the other in one file, as a CBOR sequence (RFC 8742) of byte strings behind a
 * first one that says what it is. Each piece stands for itself: of a file that was cut off in the middle everything before
 * the cut is good.
 */

import { concat, utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { byteStringHead } from '@/lib/protocol/cbor'

export const bagKinds = ['parcels', 'answers'] as const
export type BagKind = (typeof bagKinds)[number]

const titleOf = (kind: BagKind): string => `outpost ${kind} 1`

export interface ReadBag {
  readonly kind: BagKind
  readonly items: readonly Bytes[]
  /** The file ends in the middle of a piece, or what follows is none. */
  readonly isCut: boolean
}

export function encodeBag(kind: BagKind, items: readonly Uint8Array[]): Bytes {
  const pieces = [utf8(titleOf(kind)), ...items]
  return concat(...pieces.flatMap((piece) => [byteStringHead(piece.length), piece]))
}

/** Undefined: no bag of ours, or larger than any. */
export function readBag(bytes: Uint8Array): ReadBag | undefined {
  if (bytes.length > limits.bagBytesMax) return undefined
  const first = pieceAt(bytes, 0)
  const title = first === undefined ? '' : new TextDecoder().decode(first.piece)
  const kind = bagKinds.find((name) => titleOf(name) === title)
  if (first === undefined || kind === undefined) return undefined
  const items: Bytes[] = []
  let at = first.end
  while (at < bytes.length && items.length < limits.bagItemsMax) {
    const next = pieceAt(bytes, at)
    if (next === undefined) break
    items.push(next.piece)
    at = next.end
  }
  return { kind, items, isCut: at < bytes.length }
}

interface Piece {
  readonly piece: Bytes
  readonly end: number
}

/** Heads in their shortest form, of at most four bytes of length: what `byteStringHead` writes. */
function pieceAt(bytes: Uint8Array, at: number): Piece | undefined {
  const head = bytes[at]
  if (head === undefined || head >> 5 !== 2) return undefined
  const short = head & 0x1f
  const more = short < 24 ? 0 : 2 ** (short - 24)
  if (short > 26) return undefined
  const start = at + 1 + more
  if (start > bytes.length) return undefined
  const length = more === 0 ? short : bytes.subarray(at + 1, start).reduce((sum, byte) => sum * 256 + byte, 0)
  const end = start + length
  return end > bytes.length ? undefined : { piece: bytes.slice(start, end), end }
}
