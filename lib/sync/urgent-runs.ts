/** Which stretches of a log have to travel at once where bytes cost money: what is about money and danger, little else. */

import { outsideRanges, type SeqRange } from './held-ranges'

/** Two urgent events with fewer events between them go together: a bundle of its own costs more than they do. */
const bridgedMax = 8

/**
 * @param urgency of the events from `firstSeq` on.
 * @param held joined; what of a run is held already is left out.
 */
export function urgentRuns(
  urgency: readonly boolean[],
  firstSeq: number,
  held: readonly SeqRange[],
): readonly SeqRange[] {
  const runs: SeqRange[] = []
  urgency.forEach((isUrgent, index) => {
    const at = firstSeq + index
    if (!isUrgent || held.some(({ from, to }) => from <= at && at < to)) return
    const last = runs.at(-1)
    if (last !== undefined && at - last.to < bridgedMax)
      runs[runs.length - 1] = { from: last.from, to: at + 1 }
    else runs.push({ from: at, to: at + 1 })
  })
  return runs.flatMap((run) => outsideRanges(held, run))
}
