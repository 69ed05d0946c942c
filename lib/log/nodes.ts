/**
 * Complete subtrees by address, and ranges of the tree made from them. A node at (level, index) covers the leaves
 * from index·2^level up to, not including, (index+1)·2^level. Sizes may exceed 32 bits, so no bitwise operators.
 */

import { assert } from '@/lib/core/assert'
import { emptyRoot, nodeHash, type Hash } from './hash'

export interface NodeAddress {
  readonly level: number
  readonly index: number
}

export interface TreeNode extends NodeAddress {
  readonly hash: Hash
}

/** Looks up the hash of a complete subtree; undefined when it was never stored or has been purged. */
export type NodeReader = (level: number, index: number) => Hash | undefined

/** Sizes are safe integers; a device that appends one event a millisecond reaches this in 285,000 years. */
export const isTreeSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0

/** Complete subtrees that together cover the first `size` leaves, largest (leftmost) first. */
export function frontierAddresses(size: number): NodeAddress[] {
  assert(isTreeSize(size), `tree size ${size}`)
  const addresses: NodeAddress[] = []
  let rest = size
  for (let level = 0; rest > 0; level += 1) {
    if (rest % 2 === 1) addresses.unshift({ level, index: rest - 1 })
    rest = Math.floor(rest / 2)
  }
  return addresses
}

/** Largest power of two that is smaller than `size` (RFC 9162's k), for sizes of at least 2. */
export function splitPoint(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** Folds the hashes of a frontier, from its smallest (rightmost) subtree, into the hash of all that they cover. */
export function joinFrontier(hashes: readonly Hash[]): Hash {
  return (
    hashes.reduceRight<Hash | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    ) ?? emptyRoot
  )
}

/**
 * Hash of the leaves [start, end), where `start` is a multiple of a power of two no smaller than the range, as in
 * every range that a proof names. Undefined when a node is missing.
 */
export function rangeHash(read: NodeReader, start: number, end: number): Hash | undefined {
  const hashes: Hash[] = []
  for (const { level, index } of frontierAddresses(end - start)) {
    const hash = read(level, start / 2 ** level + index)
    if (hash === undefined) return undefined
    hashes.push(hash)
  }
  return joinFrontier(hashes)
}
