import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { bagItem, bagTitle, openBag, type BagKind, type BagSource } from '@/lib/sync/bag'

const bagOf = (kind: BagKind, items: readonly Uint8Array[]): Bytes =>
  concat(bagTitle(kind), ...items.map(bagItem))

const source = (bytes: Uint8Array): BagSource => ({
  size: bytes.length,
  read: (from, to) => Promise.resolve(bytes.subarray(from, to)),
})

async function read(bag: BagSource | Uint8Array) {
  const opened = await openBag(bag instanceof Uint8Array ? source(bag) : bag)
  if (opened === undefined) return undefined
  const items: Bytes[] = []
  let isCut = false
  for await (const piece of opened.pieces()) {
    if (piece.kind === 'item') items.push(piece.bytes)
    else isCut = true
  }
  return { kind: opened.kind, items, isCut }
}

const items = fc.array(fc.uint8Array({ maxLength: 400 }).map(toBytes), { maxLength: 12 })

test('what is put in comes out, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(items, async (given) => {
      expect(await read(bagOf('parcels', given))).toEqual({ kind: 'parcels', items: given, isCut: false })
    }),
  )
})

test('of a file that ends too early everything before the cut is good', async () => {
  await fc.assert(
    fc.asyncProperty(items, fc.nat(), async (given, seed) => {
      const whole = bagOf('answers', given)
      const length = seed % whole.length
      const cut = await read(whole.slice(0, length))
      expect(cut === undefined).toBe(length < bagTitle('answers').length)
      if (cut === undefined) return
      expect(given.slice(0, cut.items.length)).toEqual(cut.items)
      // Between two pieces nobody can see that there were more.
      expect(cut.isCut).toBe(length > bagOf('answers', cut.items).length)
    }),
  )
})

test('pieces of every length keep it', async () => {
  const lengths = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 70_000]
  const given = lengths.map((length) => new Uint8Array(length).fill(7))
  expect((await read(bagOf('parcels', given)))?.items.map(({ length }) => length)).toEqual(lengths)
})

test('garbage is no bag, and behind what is good it is a cut; it never throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      expect(await read(bytes)).toBeUndefined()
      const behind = await read(toBytes([...bagOf('parcels', [utf8('good')]), ...bytes]))
      expect(behind?.items[0]).toEqual(utf8('good'))
    }),
  )
})

test('neither endless pieces, nor a huge one, nor an endless file are read', async () => {
  const many = Array.from({ length: limits.bagItemsMax + 5 }, () => new Uint8Array(1))
  const some = await read(bagOf('parcels', many))
  expect(some?.isCut).toBe(true)
  expect(some?.items).toHaveLength(limits.bagItemsMax)

  const reads: number[] = []
  const huge = bagOf('parcels', [])
  const liar: BagSource = {
    size: 4_000_000_000,
    read: (from, to) => {
      reads.push(to - from)
      return Promise.resolve(
        from === 0 ? huge : Uint8Array.of(0x5a, 0x7f, 0xff, 0xff, 0xff).subarray(0, to - from),
      )
    },
  }
  expect(await read(liar)).toEqual({ kind: 'parcels', items: [], isCut: true })
  expect(Math.max(...reads)).toBeLessThan(100)
})

test('a file that shrinks while it is read ends there', async () => {
  const whole = bagOf('parcels', [utf8('first'), utf8('second')])
  const shrinking = { ...source(whole.subarray(0, whole.length - 3)), size: whole.length }
  expect(await read(shrinking)).toEqual({ kind: 'parcels', items: [utf8('first')], isCut: true })
})
