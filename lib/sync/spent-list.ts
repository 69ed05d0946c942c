/**
 * What the chargers of a site know of one grant's spends. Lists merge by union, in any order and any number of times,
 * to the same list. Two authorizations with one seq cannot both be honest: the grant is frozen at the site, which
 * punishes nobody (a phone put back from a backup looks the same) and lets nobody spend one credit at two bays.
 */

import type { MessageHash } from '@/lib/core/ids'
import type { MinorUnits } from '@/lib/core/units'

export interface Spend {
  readonly seq: number
  /** Of the wallet's authorization. */
  readonly hash: MessageHash
  readonly grossMinor: MinorUnits
  readonly releasedMinor: MinorUnits
}

/** By seq, then by hash; at most two of one seq, which is all the evidence that a fork needs. */
export type SpentList<S extends Spend = Spend> = readonly S[]

export const nothingSpent: SpentList = []

const hashesOfSeqMax = 2

export const mergeSpent = <S extends Spend>(left: SpentList<S>, right: SpentList<S>): SpentList<S> =>
  mergeSpentBy(left, right, (one) => one)

/**
 * @param better of two entries with one hash. The hash covers the sums: they differ in nothing that counts, unless the
 * list keeps more than a spend.
 */
export function mergeSpentBy<S extends Spend>(
  left: SpentList<S>,
  right: SpentList<S>,
  better: (one: S, other: S) => S,
): SpentList<S> {
  const bySeq = new Map<number, Map<MessageHash, S>>()
  for (const spend of [...left, ...right]) {
    const known = bySeq.get(spend.seq) ?? new Map<MessageHash, S>()
    const same = known.get(spend.hash)
    known.set(spend.hash, same === undefined ? spend : better(same, spend))
    bySeq.set(spend.seq, known)
  }
  return [...bySeq]
    .sort(([one], [other]) => one - other)
    .flatMap(([, spends]) => [...spends.values()].sort(byHash).slice(0, hashesOfSeqMax))
}

const byHash = (left: Spend, right: Spend): number => (left.hash < right.hash ? -1 : 1)

/** Whether the list holds two authorizations with one seq. */
export const isForked = (list: SpentList): boolean =>
  list.some((spend, index) => list[index + 1]?.seq === spend.seq)
