/**
 * Damages inputs the way an attacker would: bytes flipped, taken out, put in, said twice or spliced in from another
 * message; and on the CBOR tree fields dropped, doubled, swapped, pushed to their limits or taken from elsewhere, so
 * that the result is still well formed often enough to get far.
 */

import { concat, toBytes, type Bytes } from '@/lib/core/bytes'
import type { Dice } from '@/simulator/world/dice'
import {
  byteString,
  raw,
  readTree,
  uint,
  writeTree,
  type Entry,
  type HeadWidth,
  type Tree,
} from './cbor-tree'

/** What may be spliced in: genuine inputs of every kind, whole and in parts. */
export interface Pool {
  readonly inputs: readonly Bytes[]
  readonly nodes: readonly Tree[]
}

const nodesKeptMax = 4_000

export function poolOf(inputs: readonly Bytes[]): Pool {
  const nodes = inputs.flatMap((input) => {
    const tree = readTree(input)
    return tree === undefined ? [] : nodesOf(tree)
  })
  return { inputs, nodes: nodes.slice(0, nodesKeptMax) }
}

const inputBytesMax = 20_000

export function mutate(dice: Dice, input: Bytes, pool: Pool): Bytes {
  let mutated = input
  for (let turn = dice.between(1, 3); turn > 0; turn -= 1) {
    mutated = dice.chance(0.6) ? mutateTree(dice, mutated, pool) : mutateBytes(dice, mutated, pool)
    if (mutated.length > inputBytesMax) mutated = mutated.slice(0, inputBytesMax)
  }
  return mutated
}

function mutateBytes(dice: Dice, input: Bytes, pool: Pool): Bytes {
  const at = dice.below(input.length + 1)
  const end = Math.min(input.length, at + dice.below(16))
  switch (dice.below(7)) {
    case 0:
      return changed(input, at, (input[at] ?? 0) ^ (1 << dice.below(8)))
    case 1:
      return changed(
        input,
        at,
        dice.pick([0, 0x17, 0x18, 0x1b, 0x40, 0x5f, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xf6, 0xff]),
      )
    case 2:
      return concat(input.subarray(0, at), dice.bytes(dice.between(1, 8)), input.subarray(at))
    case 3:
      return concat(input.subarray(0, at), input.subarray(end))
    case 4:
      return concat(input.subarray(0, end), input.subarray(at))
    case 5:
      return input.slice(0, at)
    default: {
      const other = dice.pick(pool.inputs)
      return concat(input.subarray(0, at), other.subarray(dice.below(other.length + 1)))
    }
  }
}

function changed(input: Bytes, at: number, byte: number): Bytes {
  const copy = toBytes(input)
  if (at >= 0 && at < copy.length) copy[at] = byte
  return copy
}

function mutateTree(dice: Dice, input: Bytes, pool: Pool): Bytes {
  const tree = readTree(input)
  if (tree === undefined) return mutateBytes(dice, input, pool)
  const target = { index: dice.below(countOf(tree)) }
  return writeTree(rewritten(tree, target, (node) => mutateNode(dice, node, pool)))
}

const childrenOf = (tree: Tree): readonly Tree[] => {
  if (tree.kind === 'array') return tree.items
  if (tree.kind === 'map') return tree.entries.flat()
  return tree.kind === 'bytes' && tree.inner !== undefined ? [tree.inner] : []
}

const countOf = (tree: Tree): number => childrenOf(tree).reduce((sum, child) => sum + countOf(child), 1)

const nodesOf = (tree: Tree): Tree[] => [tree, ...childrenOf(tree).flatMap(nodesOf)]

/** The tree with its node number `index` (in the order of reading) replaced. */
function rewritten(tree: Tree, target: { index: number }, change: (node: Tree) => Tree): Tree {
  if (target.index === 0) {
    target.index = -1
    return change(tree)
  }
  if (target.index < 0) return tree
  target.index -= 1
  const inside = (child: Tree): Tree => rewritten(child, target, change)
  if (tree.kind === 'array') return { ...tree, items: tree.items.map(inside) }
  if (tree.kind === 'map') {
    return { ...tree, entries: tree.entries.map(([key, value]): Entry => [inside(key), inside(value)]) }
  }
  return tree.kind === 'bytes' && tree.inner !== undefined ? { ...tree, inner: inside(tree.inner) } : tree
}

function mutateNode(dice: Dice, node: Tree, pool: Pool): Tree {
  if (dice.chance(0.2)) return dice.pick(pool.nodes)
  if (dice.chance(0.1)) return foreign(dice, node)
  switch (node.kind) {
    case 'uint':
    case 'nint':
      return mutateInteger(dice, node.value)
    case 'bytes':
      return byteString(mutateString(dice, node.bytes))
    case 'text':
      return { kind: 'text', bytes: mutateString(dice, node.bytes) }
    case 'array':
      return { ...node, items: mutateList(dice, node.items), indefinite: dice.chance(0.05) }
    case 'map':
      return mutateMap(dice, node.entries, pool)
    case 'raw':
      return foreign(dice, node)
  }
}

const boundaries = [
  0,
  1,
  23,
  24,
  255,
  256,
  1_000,
  1_001,
  65_535,
  65_536,
  1_000_000_000,
  1_000_000_001,
  4_294_967_295,
  4_294_967_296,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
]
const widths: readonly HeadWidth[] = [1, 2, 4, 8]

function mutateInteger(dice: Dice, value: number): Tree {
  switch (dice.below(4)) {
    case 0:
      return uint(dice.pick(boundaries))
    case 1:
      return uint(Math.max(0, value + dice.pick([-1, 1, -100, 100])))
    case 2:
      return uint(value, dice.pick(widths))
    default:
      return { kind: 'nint', value }
  }
}

function mutateString(dice: Dice, bytes: Uint8Array): Bytes {
  switch (dice.below(5)) {
    case 0:
      return concat(bytes, dice.bytes(1))
    case 1:
      return toBytes(bytes.subarray(0, dice.below(bytes.length + 1)))
    case 2:
      return concat(bytes, bytes)
    case 3:
      return dice.bytes(bytes.length)
    default: {
      // The ends of a string are where signatures, keys and lengths have their special bits.
      const at = dice.pick([0, bytes.length - 1, dice.below(bytes.length + 1)])
      return changed(toBytes(bytes), at, (bytes[at] ?? 0) ^ (1 << dice.below(8)))
    }
  }
}

function mutateList<T>(dice: Dice, items: readonly T[]): T[] {
  const copy = [...items]
  if (copy.length === 0) return copy
  const at = dice.below(copy.length)
  const other = dice.below(copy.length)
  const [here, there] = [copy.slice(at, at + 1), copy.slice(other, other + 1)]
  switch (dice.below(5)) {
    case 0:
      copy.splice(at, 1)
      return copy
    case 1:
      copy.splice(at, 0, ...there)
      return copy
    case 2:
      copy.splice(at, 1, ...there)
      copy.splice(other, 1, ...here)
      return copy
    case 3:
      return copy.slice(0, at)
    default:
      return [...copy, ...Array.from({ length: dice.pick([1, 8, 400, 2_100]) }, () => here).flat()]
  }
}

function mutateMap(dice: Dice, entries: readonly Entry[], pool: Pool): Tree {
  switch (dice.below(4)) {
    case 0:
      return { kind: 'map', entries: mutateList(dice, entries) }
    case 1:
      // Two values change places, their keys stay: the map stays deterministic.
      return {
        kind: 'map',
        entries: withValues(
          entries,
          mutateList(
            dice,
            entries.map(([, value]) => value),
          ),
        ),
      }
    case 2:
      return { kind: 'map', entries: [...entries, [oddKey(dice, pool), dice.pick(pool.nodes)]] }
    default:
      return { kind: 'map', entries, indefinite: true }
  }
}

/** An integer that no message has, or something that is no key at all. */
const oddKey = (dice: Dice, pool: Pool): Tree =>
  dice.chance(0.5) ? uint(dice.pick([0, 20, 99])) : dice.chance(0.5) ? dice.pick(pool.nodes) : oddItem(dice)

const oddItem = (dice: Dice): Tree =>
  dice.pick<Tree>([
    { kind: 'array', items: [] },
    { kind: 'map', entries: [] },
    { kind: 'text', bytes: new Uint8Array() },
    raw(0xf5),
  ])

const withValues = (entries: readonly Entry[], values: readonly Tree[]): Entry[] =>
  entries.map(([key, value], index): Entry => [key, values[index] ?? value])

/** What no message of ours contains. */
function foreign(dice: Dice, node: Tree): Tree {
  switch (dice.below(6)) {
    case 0:
      return raw(0xf6)
    case 1:
      return raw(0xf9, 0x3c, 0x00)
    case 2:
      return { kind: 'raw', bytes: concat(Uint8Array.of(0xc0 | dice.below(24)), writeTree(node)) }
    case 3:
      return raw(...Array.from({ length: dice.pick([3, 7, 8, 200]) }, () => 0x81), 0)
    case 4:
      return { kind: 'map', entries: [[node, node]] }
    default:
      return raw(0x5f, 0x41, 0x00, 0xff)
  }
}
