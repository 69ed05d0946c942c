/** Hashing of the Merkle tree (RFC 9162 §2.1.1). The prefixes stop a node from passing as a leaf. */

import { concat, equalBytes, toBytes, type Bytes } from '@/lib/core/bytes'
import { sha256 } from '@/lib/crypto/hash'

declare const treeHash: unique symbol
/** 32 bytes: a leaf, a subtree or a root. */
export type Hash = Bytes & { readonly [treeHash]: true }

export const hashLength = 32

const leafPrefix = Uint8Array.of(0)

/** Where prefix and content are put together: a cloud hashes thousands of events a second. Read at once, never kept. */
const leafRoom = new Uint8Array(8_192)
const nodeRoom = Uint8Array.of(1, ...new Uint8Array(2 * hashLength))

/** Parses 32 bytes from outside; undefined for any other length. */
export const parseHash = (bytes: Uint8Array): Hash | undefined =>
  bytes.length === hashLength ? (toBytes(bytes) as Hash) : undefined

/** Root of a tree without leaves: the hash of nothing. */
export const emptyRoot: Hash = treeSha256(new Uint8Array(0))

export const leafHash = (event: Uint8Array): Hash =>
  event.length < leafRoom.length ? hashOfLeaf(event) : treeSha256(concat(leafPrefix, event))

function hashOfLeaf(event: Uint8Array): Hash {
  leafRoom.set(event, 1)
  return treeSha256(leafRoom.subarray(0, event.length + 1))
}

export function nodeHash(left: Hash, right: Hash): Hash {
  nodeRoom.set(left, 1)
  nodeRoom.set(right, 1 + hashLength)
  return treeSha256(nodeRoom)
}

export const equalHashes = (left: Hash, right: Hash): boolean => equalBytes(left, right)

function treeSha256(bytes: Uint8Array): Hash {
  return sha256(bytes) as Hash
}
