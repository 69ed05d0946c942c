/**
 * The compact range of a log: its size and the roots of the complete subtrees that cover it, largest first. That is
 * at most 53 hashes, enough to append and to know the root without any earlier event (RFC 9162 §2.1.2 run onwards).
 */

import { assert } from '@/lib/core/assert'
import { nodeHash, type Hash } from './hash'
import { frontierAddresses, isTreeSize, joinFrontier, type NodeReader, type TreeNode } from './nodes'

export interface Frontier {
  readonly size: number
  readonly hashes: readonly Hash[]
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] }

/** Accepts hashes from outside only when there are as many as `size` needs; their values are proved by the root. */
export function parseFrontier(size: number, hashes: readonly Hash[]): Frontier | undefined {
  if (!isTreeSize(size) || frontierAddresses(size).length !== hashes.length) return undefined
  return { size, hashes: [...hashes] }
}

export const rootOf = (frontier: Frontier): Hash => joinFrontier(frontier.hashes)

/** Appends leaves in order. `nodes` are the leaves and every subtree that they completed, in order of completion. */
export function appendLeaves(
  frontier: Frontier,
  leaves: readonly Hash[],
): { readonly frontier: Frontier; readonly nodes: readonly TreeNode[] } {
  assert(isTreeSize(frontier.size + leaves.length), 'the log has room')
  const hashes = [...frontier.hashes]
  const nodes: TreeNode[] = []
  let size = frontier.size
  for (const leaf of leaves) {
    let hash = leaf
    let index = size
    let level = 0
    nodes.push({ level, index, hash })
    while (index % 2 === 1) {
      const left = hashes.pop()
      assert(left !== undefined, 'a frontier holds one hash for each set bit of its size')
      hash = nodeHash(left, hash)
      index = Math.floor(index / 2)
      level += 1
      nodes.push({ level, index, hash })
    }
    hashes.push(hash)
    size += 1
  }
  return { frontier: { size, hashes }, nodes }
}

/** The frontier that a log had at an earlier size, from stored nodes; undefined when one is missing. */
export function frontierAt(read: NodeReader, size: number): Frontier | undefined {
  const hashes: Hash[] = []
  for (const { level, index } of frontierAddresses(size)) {
    const hash = read(level, index)
    if (hash === undefined) return undefined
    hashes.push(hash)
  }
  return { size, hashes }
}
