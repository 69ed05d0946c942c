/** Vectors of codes in several pieces: the frames that each code makes, and texts that no reader may take for one. */

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gatherFrame, splitIntoFrames, type Gathering } from '@/lib/protocol/frames'

interface Vectors {
  readonly pieceBytes: number
  readonly codes: readonly {
    readonly kind: string
    readonly text: string
    readonly frames: readonly string[]
  }[]
  readonly invalid: readonly { readonly name: string; readonly text: string }[]
}

const file = new URL('./frames.json', import.meta.url)
const messages = JSON.parse(readFileSync(new URL('./messages.json', import.meta.url), 'utf8')) as {
  readonly codes: readonly { readonly kind: string; readonly text: string }[]
}
const pieceBytes = 150

/** The golden codes that need pieces, cut by this implementation. */
function made(): Vectors {
  const codes = messages.codes
    .map(({ kind, text }) => ({ kind, text, frames: splitIntoFrames(text, pieceBytes) }))
    .filter(({ frames }) => frames.length > 1)
  const [first = '', second = ''] = codes[0]?.frames ?? []
  const head = 'OP1F:'.length
  return {
    pieceBytes,
    codes,
    invalid: [
      { name: 'a head alone', text: first.slice(0, head + 12) },
      { name: 'a piece that is too short', text: first.slice(0, -3) },
      { name: 'a piece that is too long', text: `${first}000` },
      { name: 'lower case', text: first.slice(0, head) + first.slice(head).toLowerCase() },
      { name: 'a character left over', text: `${first}0` },
      {
        name: 'an index beyond the count',
        text: `OP1F:${second.slice(head, head + 1)}ZZ${second.slice(head + 3)}`,
      },
      { name: 'a count of one', text: 'OP1F:1000000000000000' },
      { name: 'nothing', text: 'OP1F:' },
    ],
  }
}

if (process.env.UPDATE_VECTORS === '1') writeFileSync(file, `${JSON.stringify(made(), null, 1)}\n`)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

test.each(vectors.codes)(
  'the frames of the $kind are the published ones, and give it back',
  ({ text, frames }) => {
    expect(splitIntoFrames(text, vectors.pieceBytes)).toEqual(frames)
    let gathering: Gathering | undefined
    let whole: string | undefined
    for (const frame of [...frames].reverse()) {
      const seen = gatherFrame(gathering, frame)
      if (!seen.ok) throw new Error(seen.error)
      if (seen.value.kind === 'whole') whole = seen.value.text
      else gathering = seen.value.gathering
    }
    expect(whole).toBe(text)
  },
)

test.each(vectors.invalid)('$name is no frame', ({ text }) => {
  expect(gatherFrame(undefined, text)).toEqual({ ok: false, error: 'code.damaged' })
})

test('There are codes enough to learn from', () => {
  expect(vectors.codes.length).toBeGreaterThanOrEqual(3)
})
