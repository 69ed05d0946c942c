/**
 * One cap among the sessions of a charger, by the weights of their classes. Pure. Whole amperes per phase: what is handed
 * out never sums above the cap, twice the weight is twice the current as far as each can take it, and nobody is given so
 * little that a vehicle cannot charge (IEC 61851-1: 6 A). Where not even that is there for all, the lightest wait, and
 * equals take turns.
 */

export interface Sharer {
  readonly bay: number
  readonly weight: number
  /** The most that it may draw; a vehicle that takes nothing just now is put down with the least. */
  readonly maxA: number
}

/** The least current at which a vehicle charges. */
export const leastA = 6

/** @param turn counts up slowly; whoever waits among equals changes with it. */
export function sharePower(
  capA: number,
  sharers: readonly Sharer[],
  turn: number,
): ReadonlyMap<number, number> {
  const wanted = sharers.reduce((sum, { maxA }) => sum + maxA, 0)
  if (wanted <= capA) return new Map(sharers.map(({ bay, maxA }) => [bay, maxA]))
  const shares = new Map(sharers.map(({ bay }) => [bay, 0]))
  let restA = capA
  const served: Sharer[] = []
  for (const sharer of inOrder(sharers, turn)) {
    const firstA = Math.min(leastA, sharer.maxA)
    if (firstA > restA) continue
    shares.set(sharer.bay, firstA)
    restA -= firstA
    served.push(sharer)
  }
  for (; restA > 0; restA -= 1) {
    const next = furthestBehind(served, shares)
    if (next === undefined) break
    shares.set(next.bay, (shares.get(next.bay) ?? 0) + 1)
  }
  return shares
}

/** The heaviest first; equals by turns. */
function inOrder(sharers: readonly Sharer[], turn: number): readonly Sharer[] {
  const byBay = [...sharers].sort((left, right) => left.bay - right.bay)
  const first = byBay.length === 0 ? 0 : turn % byBay.length
  const rotated = [...byBay.slice(first), ...byBay.slice(0, first)]
  return rotated.sort((left, right) => right.weight - left.weight)
}

/** Whose current for its weight would still be the lowest with one ampere more. */
function furthestBehind(served: readonly Sharer[], shares: ReadonlyMap<number, number>): Sharer | undefined {
  const after = ({ bay, weight }: Sharer): number => ((shares.get(bay) ?? 0) + 1) / weight
  const open = served.filter(({ bay, maxA }) => (shares.get(bay) ?? 0) < maxA)
  return open.reduce<Sharer | undefined>(
    (best, one) => (best === undefined || after(one) < after(best) ? one : best),
    undefined,
  )
}
