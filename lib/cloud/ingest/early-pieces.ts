/**
 * Bundles that came before the ones that they follow: kept whole, within bounds, until the gap before them is filled. What
 * they say about money is in the books already; they are kept so that nobody has to carry them a second time.
 */

import type { Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { joinRanges, type SeqRange } from '@/lib/sync/held-ranges'

/** Verified when it came, so reading it back parses alone. */
export interface EarlyPiece {
  readonly device: string
  readonly epoch: number
  /** Its events are `firstSeq` … `endSeq`−1. */
  readonly firstSeq: number
  readonly endSeq: number
  /** Hex, under its checkpoint: two pieces about the same events may contradict each other, and both are evidence. */
  readonly root: string
  /** The bundle. */
  readonly bytes: Bytes
}

/** Part of the port in `store.ts`. */
export interface EarlyStore {
  /** All of this device, in the order in which they are taken in. The log that they belong to is locked. */
  earlyPieces(device: string): Promise<readonly EarlyPiece[]>
  /** Those that are here already change nothing. Keeps `earlyCount` of the logs true. */
  changeEarly(added: readonly EarlyPiece[], dropped: readonly EarlyPiece[], nowS: number): Promise<void>
}

export const pieceKey = ({ device, epoch, firstSeq, endSeq, root }: EarlyPiece): string =>
  `${device} ${epoch} ${firstSeq} ${endSeq} ${root}`

/** By epoch, then by where they begin. */
export const inTakingOrder = (one: EarlyPiece, other: EarlyPiece): number =>
  one.epoch - other.epoch ||
  one.firstSeq - other.firstSeq ||
  one.endSeq - other.endSeq ||
  (one.root < other.root ? -1 : 1)

export const rangesOfPieces = (pieces: readonly EarlyPiece[], epoch: number): readonly SeqRange[] =>
  joinRanges(
    pieces.filter((piece) => piece.epoch === epoch).map(({ firstSeq: from, endSeq: to }) => ({ from, to })),
  )

/** Pieces of one device while a batch is worked on. */
export class EarlyShelf {
  readonly #stored: ReadonlyMap<string, EarlyPiece>
  readonly #pieces: Map<string, EarlyPiece>

  constructor(stored: readonly EarlyPiece[]) {
    this.#stored = new Map(stored.map((piece) => [pieceKey(piece), piece]))
    this.#pieces = new Map(this.#stored)
  }

  /** Where there is not room for all, what would be taken in last gives way: nearer to the gap is nearer to its use. */
  put(piece: EarlyPiece): void {
    this.#pieces.set(pieceKey(piece), piece)
    for (;;) {
      const pieces = [...this.#pieces.values()]
      const bytes = pieces.reduce((sum, one) => sum + one.bytes.length, 0)
      if (pieces.length <= limits.earlyPiecesMax && bytes <= limits.earlyBytesMax) return
      const last = pieces.toSorted(byUse).at(-1)
      if (last !== undefined) this.#pieces.delete(pieceKey(last))
    }
  }

  /** The next that begins at or before the end of what is held; it is off the shelf then. */
  takeUpTo({ device, epoch }: Pick<EarlyPiece, 'device' | 'epoch'>, size: number): EarlyPiece | undefined {
    const next = [...this.#pieces.values()]
      .filter((piece) => piece.device === device && piece.epoch === epoch && piece.firstSeq <= size)
      .sort(inTakingOrder)[0]
    if (next !== undefined) this.#pieces.delete(pieceKey(next))
    return next
  }

  get changes(): { readonly added: readonly EarlyPiece[]; readonly dropped: readonly EarlyPiece[] } {
    return {
      added: [...this.#pieces].flatMap(([key, piece]) => (this.#stored.has(key) ? [] : [piece])),
      dropped: [...this.#stored].flatMap(([key, piece]) => (this.#pieces.has(key) ? [] : [piece])),
    }
  }
}

/** A newer epoch first: an older one may never be filled. */
const byUse = (one: EarlyPiece, other: EarlyPiece): number =>
  other.epoch - one.epoch || inTakingOrder(one, other)
