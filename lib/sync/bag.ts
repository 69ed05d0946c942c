/**
 * A bag: parcels or answers one after the other in one file, as a CBOR sequence (RFC 8742) of byte strings behind a first
 * one that says what it is. Each piece stands for itself: of a file that was cut off in the middle everything before the cut
 * is good. It is read piece by piece, because neither a charger nor a phone has room for all of it.
 */

import { concat, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { byteStringHead } from '@/lib/protocol/cbor'

export const bagKinds = ['parcels', 'answers'] as const
export type BagKind = (typeof bagKinds)[number]

/** A file, wherever it lies. */
export interface BagSource {
  readonly size: number
  /** At most `to` − `from` bytes; fewer where the file ends. */
  read(from: number, to: number): Promise<Uint8Array>
}

/** `cut` comes last, where the file ends in the middle of a piece, holds something else, or more than a bag may. */
export type BagPiece = { readonly kind: 'item'; readonly bytes: Bytes } | { readonly kind: 'cut' }

export interface Bag {
  readonly kind: BagKind
  pieces(): AsyncGenerator<BagPiece, void>
}

/** What a file begins with. */
export const bagTitle = (kind: BagKind): Bytes => bagItem(utf8(`outpost ${kind} 1`))

/** What goes into the file for one piece. */
export const bagItem = (bytes: Uint8Array): Bytes => concat(byteStringHead(bytes.length), bytes)

/** Most that `bagItem` adds. */
export const bagItemOverhead = 5

/** Undefined: no bag of ours. */
export async function openBag(source: BagSource): Promise<Bag | undefined> {
  const titles = bagKinds.map((kind) => ({ kind, title: bagTitle(kind) }))
  const longest = Math.max(...titles.map(({ title }) => title.length))
  const start = await source.read(0, Math.min(source.size, longest))
  const found = titles.find(
    ({ title }) => start.length >= title.length && title.every((byte, at) => byte === start[at]),
  )
  if (found === undefined) return undefined
  return { kind: found.kind, pieces: () => piecesOf(source, found.title.length) }
}

async function* piecesOf(source: BagSource, start: number): AsyncGenerator<BagPiece, void> {
  const end = Math.min(source.size, limits.bagBytesMax)
  let at = start
  for (let count = 0; count < limits.bagItemsMax && at < end; count += 1) {
    const head = headOf(await source.read(at, Math.min(end, at + bagItemOverhead)))
    const from = at + (head?.bytes ?? 0)
    const to = from + (head?.length ?? 0)
    if (head === undefined || head.length > limits.parcelBytesMax || to > end) break
    const bytes = await source.read(from, to)
    // A stick that is pulled out in the middle, or a file that somebody is writing.
    if (bytes.length !== head.length) break
    yield { kind: 'item', bytes: toBytes(bytes) }
    at = to
  }
  if (at < source.size) yield { kind: 'cut' }
}

/** Of the length that follows, in at most four bytes: what `byteStringHead` writes. */
function headOf(bytes: Uint8Array): { readonly bytes: number; readonly length: number } | undefined {
  const [first] = bytes
  if (first === undefined || first >> 5 !== 2) return undefined
  const short = first & 0x1f
  if (short < 24) return { bytes: 1, length: short }
  if (short > 26) return undefined
  const more = bytes.subarray(1, 1 + 2 ** (short - 24))
  if (more.length < 2 ** (short - 24)) return undefined
  return { bytes: 1 + more.length, length: more.reduce((sum, byte) => sum * 256 + byte, 0) }
}
