import { expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '@/lib/core/bytes'
import { appendLeaves, emptyFrontier, frontierAt, parseFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { frontierAddresses, splitPoint } from '@/lib/log/nodes'

/** The eight leaves and nine roots that implementations of Certificate Transparency are checked with. */
const events = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(fromHex)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

test.each(roots.map((root, size) => ({ size, root })))(
  'the public vector of $size events has its root',
  ({ size, root }) => {
    const { frontier } = appendLeaves(emptyFrontier, events.slice(0, size).map(leafHash))
    expect(toHex(rootOf(frontier))).toBe(root)
  },
)

test('seven events leave subtrees of four, two and one', () => {
  expect(frontierAddresses(7)).toEqual([
    { level: 2, index: 0 },
    { level: 1, index: 2 },
    { level: 0, index: 6 },
  ])
})

test('addresses stay exact beyond 32 bits', () => {
  expect(frontierAddresses(2 ** 40 + 1)).toEqual([
    { level: 40, index: 0 },
    { level: 0, index: 2 ** 40 },
  ])
})

test('the split is the largest power of two below the size', () => {
  expect([2, 3, 4, 5, 8, 9].map(splitPoint)).toEqual([1, 2, 2, 4, 4, 8])
})

test('appending an eighth event completes three subtrees', () => {
  const seven = appendLeaves(emptyFrontier, events.slice(0, 7).map(leafHash))
  const { nodes } = appendLeaves(seven.frontier, events.slice(7).map(leafHash))
  expect(nodes.map(({ level, index }) => [level, index])).toEqual([
    [0, 7],
    [1, 3],
    [2, 1],
    [3, 0],
  ])
})

test('a frontier with too few or too many hashes is refused', () => {
  const leaf = leafHash(utf8('x'))
  expect(parseFrontier(1, [])).toBeUndefined()
  expect(parseFrontier(2, [leaf, leaf])).toBeUndefined()
  expect(parseFrontier(-1, [])).toBeUndefined()
  expect(parseFrontier(3, [leaf, leaf])).toEqual({ size: 3, hashes: [leaf, leaf] })
})

test('an earlier frontier cannot be read from a store that lost a node', () => {
  expect(frontierAt(() => undefined, 3)).toBeUndefined()
  expect(frontierAt(() => undefined, 0)).toEqual(emptyFrontier)
})
