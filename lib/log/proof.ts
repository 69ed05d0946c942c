/**
 * Proofs of RFC 9162 §2.1.3 and §2.1.4. Makers need stored nodes; checkers need only hashes and never throw, because
 * everything they are given comes from somebody else.
 */

import { emptyRoot, equalHashes, nodeHash, type Hash } from './hash'
import { isTreeSize, rangeHash, splitPoint, type NodeReader } from './nodes'

/** Siblings from the leaf up to the root; undefined when `seq` is not in the log or a node is missing. */
export function inclusionProof(read: NodeReader, seq: number, size: number): Hash[] | undefined {
  if (!isTreeSize(seq) || !isTreeSize(size) || seq >= size) return undefined
  const siblings: (Hash | undefined)[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (seq < middle) {
      siblings.unshift(rangeHash(read, middle, end))
      end = middle
    } else {
      siblings.unshift(rangeHash(read, start, middle))
      start = middle
    }
  }
  return allPresent(siblings)
}

/** Whether `proof` shows that `leaf` is event `seq` of the log of `size` events with this root (§2.1.3.2). */
export function verifyInclusion(
  leaf: Hash,
  seq: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!isTreeSize(seq) || !isTreeSize(size) || seq >= size) return false
  let index = seq
  let last = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(sibling, hash)
      while (index % 2 === 0 && index !== 0) {
        index = half(index)
        last = half(last)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    index = half(index)
    last = half(last)
  }
  return last === 0 && equalHashes(hash, root)
}

/**
 * Shows that the log of `later` events starts with the log of `earlier` events. Empty for equal sizes and for an
 * empty earlier log; undefined when the sizes are out of order or a node is missing.
 */
export function consistencyProof(read: NodeReader, earlier: number, later: number): Hash[] | undefined {
  if (!isTreeSize(earlier) || !isTreeSize(later) || earlier > later) return undefined
  if (earlier === 0 || earlier === later) return []
  const path: (Hash | undefined)[] = []
  let start = 0
  let end = later
  let isWhole = true
  while (end !== earlier) {
    const middle = start + splitPoint(end - start)
    if (earlier <= middle) {
      path.unshift(rangeHash(read, middle, end))
      end = middle
    } else {
      path.unshift(rangeHash(read, start, middle))
      start = middle
      isWhole = false
    }
  }
  if (!isWhole) path.unshift(rangeHash(read, start, end))
  return allPresent(path)
}

/** Whether `proof` shows that both roots belong to one growing log (§2.1.4.2). */
export function verifyConsistency(
  earlier: { readonly size: number; readonly root: Hash },
  later: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!isTreeSize(earlier.size) || !isTreeSize(later.size) || earlier.size > later.size) return false
  if (earlier.size === later.size) return proof.length === 0 && equalHashes(earlier.root, later.root)
  if (earlier.size === 0) return proof.length === 0 && equalHashes(earlier.root, emptyRoot)
  const path = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof
  const first = path[0]
  if (first === undefined) return false
  let index = earlier.size - 1
  let last = later.size - 1
  while (index % 2 === 1) {
    index = half(index)
    last = half(last)
  }
  let earlierRoot = first
  let laterRoot = first
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      earlierRoot = nodeHash(sibling, earlierRoot)
      laterRoot = nodeHash(sibling, laterRoot)
      while (index % 2 === 0 && index !== 0) {
        index = half(index)
        last = half(last)
      }
    } else {
      laterRoot = nodeHash(laterRoot, sibling)
    }
    index = half(index)
    last = half(last)
  }
  return last === 0 && equalHashes(earlierRoot, earlier.root) && equalHashes(laterRoot, later.root)
}

const half = (value: number): number => Math.floor(value / 2)

const isPowerOfTwo = (size: number): boolean => size === 1 || splitPoint(size) * 2 === size

function allPresent(hashes: readonly (Hash | undefined)[]): Hash[] | undefined {
  const present = hashes.filter((hash) => hash !== undefined)
  return present.length === hashes.length ? present : undefined
}
