import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes, utf8 } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { encodeBag, readBag } from '@/lib/sync/bag'

const items = fc.array(fc.uint8Array({ maxLength: 400 }).map(toBytes), { maxLength: 12 })

test('what is put in comes out, in its order', () => {
  fc.assert(
    fc.property(items, (given) => {
      expect(readBag(encodeBag('parcels', given))).toEqual({ kind: 'parcels', items: given, isCut: false })
    }),
  )
})

test('of a file that ends too early everything before the cut is good', () => {
  fc.assert(
    fc.property(items, fc.nat(), (given, seed) => {
      const whole = encodeBag('answers', given)
      const cut = readBag(whole.slice(0, seed % whole.length))
      if (cut === undefined) return
      expect(given.slice(0, cut.items.length)).toEqual(cut.items)
      expect(cut.items.length < given.length).toBe(true)
    }),
  )
})

test('a long piece keeps its length', () => {
  const long = new Uint8Array(70_000).fill(7)
  expect(readBag(encodeBag('parcels', [long]))?.items[0]).toHaveLength(70_000)
})

test('garbage is no bag, or one that says that it is cut; it never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(readBag(bytes)).toBeUndefined()
      const behind = readBag(toBytes([...encodeBag('parcels', [utf8('good')]), ...bytes]))
      expect(behind?.items[0]).toEqual(utf8('good'))
    }),
  )
})

test('neither endless pieces nor an endless file are read', () => {
  const many = encodeBag(
    'parcels',
    Array.from({ length: limits.bagItemsMax + 5 }, () => new Uint8Array(1)),
  )
  expect(readBag(many)).toMatchObject({ isCut: true })
  expect(readBag(many)?.items).toHaveLength(limits.bagItemsMax)
  expect(readBag(new Uint8Array(limits.bagBytesMax + 1))).toBeUndefined()
})
