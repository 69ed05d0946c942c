import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes, toHex } from '@/lib/core/bytes'
import { appendLeaves, emptyFrontier, frontierAt, rootOf } from '@/lib/log/frontier'
import { emptyRoot, leafHash, nodeHash, type Hash } from '@/lib/log/hash'
import type { NodeReader } from '@/lib/log/nodes'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '@/lib/log/proof'

/** RFC 9162 §2.1.1 word for word: the definition that the compact range must agree with. */
function naiveRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves
  if (only === undefined) return emptyRoot
  if (leaves.length === 1) return only
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)))
}

function stored(leaves: readonly Hash[]): NodeReader {
  const nodes = new Map<string, Hash>()
  for (const { level, index, hash } of appendLeaves(emptyFrontier, leaves).nodes) {
    nodes.set(`${level}/${index}`, hash)
  }
  return (level, index) => nodes.get(`${level}/${index}`)
}

const logs = fc
  .array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 70 })
  .map((events) => events.map((event) => leafHash(toBytes(event))))

const flip = (hash: Hash, bit: number): Hash => {
  const copy = toBytes(hash) as Hash
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

test('the root from a compact range is the root of the recursive definition, however the appends are cut', () => {
  fc.assert(
    fc.property(logs, fc.array(fc.nat(70), { maxLength: 6 }), (leaves, cuts) => {
      let frontier = emptyFrontier
      let done = 0
      for (const cut of [...cuts.map((at) => Math.min(at, leaves.length)), leaves.length]) {
        if (cut <= done) continue
        frontier = appendLeaves(frontier, leaves.slice(done, cut)).frontier
        done = cut
      }
      expect(toHex(rootOf(frontier))).toBe(toHex(naiveRoot(leaves)))
    }),
  )
})

test('stored nodes give back the root of every earlier size', () => {
  fc.assert(
    fc.property(logs, fc.nat(), (leaves, pick) => {
      const size = pick % (leaves.length + 1)
      const frontier = frontierAt(stored(leaves), size)
      expect(frontier && toHex(rootOf(frontier))).toBe(toHex(naiveRoot(leaves.slice(0, size))))
    }),
  )
})

test('every event of every log has an inclusion proof, and no other leaf, place or changed proof passes', () => {
  fc.assert(
    fc.property(logs, fc.nat(), fc.nat(255), fc.nat(), (leaves, pick, bit, shift) => {
      const size = leaves.length
      const seq = pick % size
      const root = naiveRoot(leaves)
      const leaf = leaves[seq]!
      const proof = inclusionProof(stored(leaves), seq, size)!
      expect(verifyInclusion(leaf, seq, size, proof, root)).toBe(true)
      expect(verifyInclusion(flip(leaf, bit), seq, size, proof, root)).toBe(false)
      expect(verifyInclusion(leaf, seq, size, proof, flip(root, bit))).toBe(false)
      const changed = proof.map((hash, at) => (at === shift % proof.length ? flip(hash, bit) : hash))
      if (proof.length > 0) expect(verifyInclusion(leaf, seq, size, changed, root)).toBe(false)
    }),
  )
})

test('every two sizes of one log have a consistency proof, and no changed root or proof passes', () => {
  fc.assert(
    fc.property(logs, fc.nat(), fc.nat(255), fc.nat(), (leaves, pick, bit, shift) => {
      const size = leaves.length
      const earlier = { size: pick % (size + 1), root: naiveRoot(leaves.slice(0, pick % (size + 1))) }
      const later = { size, root: naiveRoot(leaves) }
      const proof = consistencyProof(stored(leaves), earlier.size, size)!
      expect(verifyConsistency(earlier, later, proof)).toBe(true)
      if (earlier.size === 0) return
      expect(verifyConsistency({ ...earlier, root: flip(earlier.root, bit) }, later, proof)).toBe(false)
      expect(verifyConsistency(earlier, { ...later, root: flip(later.root, bit) }, proof)).toBe(false)
      const changed = proof.map((hash, at) => (at === shift % proof.length ? flip(hash, bit) : hash))
      if (proof.length > 0) expect(verifyConsistency(earlier, later, changed)).toBe(false)
    }),
  )
})

test('a log that rewrote an event has no proof that it extends the earlier log', () => {
  fc.assert(
    fc.property(logs, fc.nat(), (leaves, pick) => {
      const at = pick % leaves.length
      const rewritten = leaves.map((leaf, seq) => (seq === at ? flip(leaf, 0) : leaf))
      const earlier = { size: at + 1, root: naiveRoot(leaves.slice(0, at + 1)) }
      const later = { size: leaves.length, root: naiveRoot(rewritten) }
      const proof = consistencyProof(stored(rewritten), earlier.size, later.size)!
      expect(verifyConsistency(earlier, later, proof)).toBe(false)
    }),
  )
})

test('checkers answer no to rubbish and never throw', () => {
  const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toBytes(bytes) as Hash)
  fc.assert(
    fc.property(
      fc.double(),
      fc.double(),
      fc.array(anyHash, { maxLength: 60 }),
      anyHash,
      (left, right, proof, root) => {
        expect(verifyInclusion(root, left, right, proof, emptyRoot)).toBe(false)
        verifyConsistency({ size: left, root }, { size: right, root }, proof)
      },
    ),
  )
})
