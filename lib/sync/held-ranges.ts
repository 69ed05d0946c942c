/**
 * Which events beyond its gapless beginning a receiver holds of a log. Only a hint: who believes a false one sends less than
 * is wanted, and is told so by the next acknowledgement; nothing is purged because of it.
 */

/** Events `from` … `to`−1. */
export interface SeqRange {
  readonly from: number
  readonly to: number
}

/** In order, without overlaps, neighbours as one. */
export function joinRanges(ranges: readonly SeqRange[]): readonly SeqRange[] {
  const joined: SeqRange[] = []
  for (const range of ranges.toSorted((one, other) => one.from - other.from || one.to - other.to)) {
    if (range.from >= range.to) continue
    const last = joined.at(-1)
    if (last === undefined || range.from > last.to) joined.push(range)
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
  }
  return joined
}

/** Whether every event of `from` … `to`−1 is in one of them, which are joined. */
export const coversRange = (joined: readonly SeqRange[], { from, to }: SeqRange): boolean =>
  joined.some((range) => range.from <= from && range.to >= to)

/** What of `from` … `to`−1 is in none of them, which are joined. */
export function outsideRanges(joined: readonly SeqRange[], { from, to }: SeqRange): readonly SeqRange[] {
  const outside: SeqRange[] = []
  let at = from
  for (const held of joined) {
    if (held.to <= at) continue
    if (held.from >= to) break
    if (held.from > at) outside.push({ from: at, to: held.from })
    at = held.to
  }
  if (at < to) outside.push({ from: at, to })
  return outside
}

/** As an acknowledgement has them: pairs, above `size`, the lowest `countMax`. */
export const toPairs = (
  ranges: readonly SeqRange[],
  size: number,
  countMax: number,
): readonly (readonly number[])[] =>
  joinRanges(ranges.map(({ from, to }) => ({ from: Math.max(from, size), to })))
    .slice(0, countMax)
    .map(({ from, to }) => [from, to])

/** Pairs that make no sense are left out. */
export const fromPairs = (pairs: readonly (readonly number[])[] | undefined): readonly SeqRange[] =>
  joinRanges(
    (pairs ?? []).flatMap(([from, to]) => (from === undefined || to === undefined ? [] : [{ from, to }])),
  )

/** What the receiver said last that it holds beyond the beginning of a log. Forgotten at a restart, which costs bytes. */
export class HeldBook {
  #last: { readonly epoch: number; readonly atS: number; readonly ranges: readonly SeqRange[] } | undefined

  /** Answers come in any order: an older one says nothing about now. */
  note(epoch: number, atS: number, ranges: readonly SeqRange[]): void {
    const known = this.#last
    if (known !== undefined && (epoch < known.epoch || (epoch === known.epoch && atS < known.atS))) return
    this.#last = { epoch, atS, ranges }
  }

  rangesOf(epoch: number): readonly SeqRange[] {
    return this.#last?.epoch === epoch ? this.#last.ranges : []
  }
}
