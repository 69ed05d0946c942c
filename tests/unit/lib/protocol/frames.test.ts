/** A code in several pieces comes together whole, or not at all. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { envelopeToText } from '@/lib/protocol/envelope'
import { gatherFrame, progressOf, splitIntoFrames, type Gathering } from '@/lib/protocol/frames'

const codeOf = (length: number, seed = 1): string =>
  envelopeToText({
    kind: 'stop',
    parts: [toBytes(Array.from({ length }, (_, index) => (index * 31 + seed) & 255))],
  })

/** What a camera has after it saw these texts in this order; the last whole code, if there was one. */
function look(texts: readonly string[]): { whole?: string; have: number } {
  let gathering: Gathering | undefined
  let whole: string | undefined
  for (const text of texts) {
    const seen = gatherFrame(gathering, text)
    if (!seen.ok) throw new Error(seen.error)
    if (seen.value.kind === 'whole') whole = seen.value.text
    else gathering = seen.value.gathering
  }
  const have = gathering === undefined ? 0 : progressOf(gathering).have
  return whole === undefined ? { have } : { whole, have }
}

test('Frames in any order, and again and again, give the code back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 80, max: 300 }),
      fc.nat(),
      (length, piece, turn) => {
        const code = codeOf(length)
        const frames = splitIntoFrames(code, piece)
        const turned = frames.map((_, index) => frames[(index * 7 + turn) % frames.length] ?? '')
        expect(look([...turned, ...frames]).whole).toBe(code)
      },
    ),
    { numRuns: 60 },
  )
})

test('A code that fits one piece stays as it is', () => {
  const code = codeOf(100)
  expect(splitIntoFrames(code, limits.framePieceBytesMax)).toEqual([code])
  expect(look([code]).whole).toBe(code)
})

test('The largest message has few enough frames, and each fits a code of version 8', () => {
  const frames = splitIntoFrames(codeOf(4_000), limits.framePieceBytesMax)
  expect(frames.length).toBeGreaterThan(20)
  expect(frames.length).toBeLessThanOrEqual(limits.codeFramesMax)
  // ISO/IEC 18004: version 8-L holds 279 characters of the alphanumeric mode.
  for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(279)
})

test('Progress counts each piece once', () => {
  const [first = '', second = '', ...rest] = splitIntoFrames(codeOf(600), 150)
  expect(rest.length).toBeGreaterThan(0)
  expect(look([first, first, second, first]).have).toBe(2)
})

test('Pieces of two codes are never mixed: the newer one begins anew', () => {
  const old = splitIntoFrames(codeOf(600, 1), 150)
  const newer = splitIntoFrames(codeOf(600, 2), 150)
  expect(look([...old.slice(0, 4), ...newer.slice(4)]).whole).toBeUndefined()
  expect(look([...old.slice(0, 4), ...newer]).whole).toBe(codeOf(600, 2))
})

test('What is no frame of ours is refused', () => {
  const [frame = ''] = splitIntoFrames(codeOf(600), 150)
  const refused = [
    'OP1F:',
    'OP1F:00',
    'OP1F:abc',
    frame.slice(0, -3),
    `${frame}000`,
    `OP1F:${'0'.repeat(5_000)}`,
  ]
  for (const text of refused) expect(gatherFrame(undefined, text).ok).toBe(false)
})

test('Pieces that do not make what they promised are refused as damaged', () => {
  const frames = splitIntoFrames(codeOf(600), 150)
  // The last letter of a middle frame belongs to its piece, not to its head.
  const flipped = frames.map((frame, index) =>
    index === 1 ? frame.slice(0, -1) + (frame.endsWith('1') ? '0' : '1') : frame,
  )
  let gathering: Gathering | undefined
  let last = ''
  for (const frame of flipped) {
    const seen = gatherFrame(gathering, frame)
    if (!seen.ok) last = seen.error
    else if (seen.value.kind === 'part') gathering = seen.value.gathering
  }
  expect(last).toBe('code.damaged')
})
