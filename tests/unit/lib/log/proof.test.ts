import { expect, test } from 'vitest'
import { utf8 } from '@/lib/core/bytes'
import { appendLeaves, emptyFrontier, frontierAt, rootOf } from '@/lib/log/frontier'
import { emptyRoot, leafHash, type Hash } from '@/lib/log/hash'
import type { NodeReader } from '@/lib/log/nodes'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '@/lib/log/proof'

function logOf(size: number): { read: NodeReader; leaves: Hash[]; root: (at: number) => Hash } {
  const leaves = Array.from({ length: size }, (_, seq) => leafHash(utf8(`event ${seq}`)))
  const { nodes } = appendLeaves(emptyFrontier, leaves)
  const stored = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]))
  const read: NodeReader = (level, index) => stored.get(`${level}/${index}`)
  return { read, leaves, root: (at) => rootOf(frontierAt(read, at)!) }
}

test('a single event needs no siblings', () => {
  const { read, leaves, root } = logOf(1)
  expect(inclusionProof(read, 0, 1)).toEqual([])
  expect(verifyInclusion(leaves[0]!, 0, 1, [], root(1))).toBe(true)
})

test('an event that the log does not have cannot be proved', () => {
  const { read, leaves, root } = logOf(4)
  expect(inclusionProof(read, 4, 4)).toBeUndefined()
  expect(inclusionProof(read, -1, 4)).toBeUndefined()
  expect(verifyInclusion(leaves[0]!, 4, 4, [], root(4))).toBe(false)
})

test('a proof with a sibling more or less is refused', () => {
  const { read, leaves, root } = logOf(7)
  const proof = inclusionProof(read, 2, 7)!
  expect(verifyInclusion(leaves[2]!, 2, 7, [...proof, leaves[0]!], root(7))).toBe(false)
  expect(verifyInclusion(leaves[2]!, 2, 7, proof.slice(1), root(7))).toBe(false)
})

test('no proof can be made where a node was lost', () => {
  const { read } = logOf(7)
  const lossy: NodeReader = (level, index) => (level === 1 && index === 0 ? undefined : read(level, index))
  expect(inclusionProof(lossy, 2, 7)).toBeUndefined()
  expect(consistencyProof(lossy, 3, 7)).toBeUndefined()
})

test('every log is consistent with the empty log and with itself', () => {
  const { read, root } = logOf(5)
  expect(consistencyProof(read, 0, 5)).toEqual([])
  expect(verifyConsistency({ size: 0, root: emptyRoot }, { size: 5, root: root(5) }, [])).toBe(true)
  expect(consistencyProof(read, 5, 5)).toEqual([])
  expect(verifyConsistency({ size: 5, root: root(5) }, { size: 5, root: root(5) }, [])).toBe(true)
})

test('two roots of one size are a contradiction', () => {
  const { root } = logOf(5)
  expect(verifyConsistency({ size: 5, root: root(5) }, { size: 5, root: root(4) }, [])).toBe(false)
})

test('a log that shrinks is refused', () => {
  const { read, root } = logOf(5)
  expect(consistencyProof(read, 5, 4)).toBeUndefined()
  expect(verifyConsistency({ size: 5, root: root(5) }, { size: 4, root: root(4) }, [])).toBe(false)
})

test('a consistency proof without its hashes is refused', () => {
  const { root } = logOf(6)
  expect(verifyConsistency({ size: 3, root: root(3) }, { size: 6, root: root(6) }, [])).toBe(false)
})
