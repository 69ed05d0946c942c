/** Codes in chunks: what goes in comes out, and what is no chunk is refused before it costs memory. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { encodeBase45 } from '@/lib/protocol/base45'
import {
  chunksOfCode,
  gatherChunk,
  nothingGathered,
  type ChunkGathering,
} from '@/lib/protocol/bluetooth-chunks'

const codeOf = (bytes: Uint8Array): string => `OP1:${encodeBase45(bytes)}`

function gatherAll(chunks: readonly Uint8Array[]): readonly string[] {
  let gathering: ChunkGathering = nothingGathered
  const texts: string[] = []
  for (const chunk of chunks) {
    const taken = expectOk(gatherChunk(gathering, chunk), 'a chunk')
    gathering = taken.kind === 'part' ? taken.gathering : nothingGathered
    if (taken.kind === 'whole') texts.push(taken.text)
  }
  return texts
}

test('a code comes out as it went in, at every size of chunk, and one code after another', () => {
  const code = fc.uint8Array({ minLength: 1, maxLength: 1_200 }).map(codeOf)
  fc.assert(
    fc.property(
      fc.array(code, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 2, max: 600 }),
      (codes, size) => {
        const chunks = codes.flatMap((text) => chunksOfCode(text, size) ?? [])
        expect(chunks.every(({ length }) => length >= 2 && length <= Math.min(size, 512))).toBe(true)
        expect(gatherAll(chunks)).toEqual(codes)
      },
    ),
    { numRuns: 50 },
  )
})

test('writes of 20 bytes carry 19 of a code, behind 01 until the last, which is behind 00', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => index)
  const chunks = chunksOfCode(codeOf(bytes), 20) ?? []
  expect(chunks.map(({ length }) => length)).toEqual([20, 20, 3])
  expect(chunks.map(([prefix]) => prefix)).toEqual([1, 1, 0])
  expect([...(chunks[2] ?? [])]).toEqual([0, 38, 39])
})

test('whatever a stranger writes is refused or kept within the cap, and never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 40 }), (chunks) => {
      let gathering: ChunkGathering = nothingGathered
      for (const chunk of chunks) {
        const taken = gatherChunk(gathering, chunk)
        gathering = taken.ok && taken.value.kind === 'part' ? taken.value.gathering : nothingGathered
        expect(gathering.length).toBeLessThanOrEqual(4_096)
        expect(gathering.pieces.every(({ length }) => length > 0)).toBe(true)
      }
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['nothing', []],
  ['a prefix alone, with which a sender could go on for ever', [1]],
  ['another prefix', [2, 7]],
  ['more than an attribute holds', [0, ...new Array<number>(512).fill(7)]],
])('%s is no chunk', (_name, chunk) => {
  expect(gatherChunk(nothingGathered, toBytes(chunk))).toEqual({ ok: false, error: 'link.chunk' })
})

test('what would become larger than a message is refused before it is kept', () => {
  const full = { pieces: [toBytes(new Uint8Array(4_096))], length: 4_096 }
  expect(gatherChunk(full, toBytes([1, 7]))).toEqual({ ok: false, error: 'code.too-large' })
  expect(gatherChunk(full, toBytes([0, 7]))).toEqual({ ok: false, error: 'code.too-large' })
})

test('what is no code of ours is not sent', () => {
  expect(chunksOfCode('HTTPS://EXAMPLE.ORG', 20)).toBeUndefined()
  expect(chunksOfCode('OP1:', 20)).toBeUndefined()
  expect(chunksOfCode('OP1:a', 20)).toBeUndefined()
  expect(chunksOfCode(codeOf(new Uint8Array(4_097)), 20)).toBeUndefined()
})
