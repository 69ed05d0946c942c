/**
 * Rejection vectors: what a second implementation must refuse. `rejections.json` is made from the golden messages by
 * `rejection-cases.ts`, `code-cases.ts` and `acceptance-cases.ts`; after a deliberate change of the wire it is
 * rewritten with `UPDATE_VECTORS=1 npx vitest run --project fast tests/vectors`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { decide, presentedIn } from '@/charger-kiosk/session/acceptance'
import { fromHex } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { verifyWithNode } from '@/lib/crypto/node'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { storyNames, storySigners, wireTypeOf, wireTypes, type StoryName } from '@/scripts/fuzz/wire-types'
import { tellStory, type Story } from '../fixtures/messages'
import { acceptanceVectors, chargerContext, chargerFacts, type AcceptanceVector } from './acceptance-cases'
import { matchesBytes, parseCddl } from './cddl'
import { codeVectors, type CodeVector } from './code-cases'
import { rejectionsOf, type Golden, type Rejection } from './rejection-cases'

interface Vectors {
  readonly messages: readonly Rejection[]
  readonly codes: readonly CodeVector[]
  readonly acceptance: { readonly context: object; readonly cases: readonly AcceptanceVector[] }
}

const file = new URL('./rejections.json', import.meta.url)
const schema = parseCddl(readFileSync(new URL('../../docs/protocol/outpost.cddl', import.meta.url), 'utf8'))
/** Keys that the base story has and that may be left out (see outpost.cddl). */
const optionalKeys: Partial<Record<StoryName, readonly number[]>> = {
  grant: [13],
  answer: [4],
  acknowledgement: [6],
  permit: [6],
}

/** Refused by a rule that CDDL has no words for; outpost.cddl says it in a comment. */
const beyondCddl: ReadonlySet<string> = new Set([
  'revocation-delta: key 5 one byte longer',
  'revocation-delta: ids that fall',
  'revocation-delta: an id twice',
  'answer: a verdict that no reason has',
])

const goldenOf = (story: Story, name: StoryName): Golden => ({
  type: wireTypes[name].name,
  signer: storySigners[name],
  bytes: story[name].bytes,
  optionalKeys: optionalKeys[name] ?? [],
})

async function compute(story: Story): Promise<Vectors> {
  const messages: Rejection[] = []
  for (const [index, name] of storyNames.entries()) {
    const other =
      storyNames.slice(index + 1).find((next) => storySigners[next] !== storySigners[name]) ?? 'trustList'
    messages.push(...(await rejectionsOf(goldenOf(story, name), goldenOf(story, other))))
  }
  return {
    messages,
    codes: codeVectors(story),
    acceptance: { context: chargerContext(story), cases: await acceptanceVectors(story) },
  }
}

const published = JSON.parse(readFileSync(file, 'utf8')) as Vectors
let story: Story
beforeAll(async () => {
  story = await tellStory()
})

test('the golden messages give the published rejections', async () => {
  const computed = await compute(story)
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(computed, null, 1)}\n`)
  expect(computed).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})

test('names are unique, so that a failing one is found', () => {
  const names = [...published.messages, ...published.codes, ...published.acceptance.cases].map(
    ({ name }) => name,
  )
  expect(new Set(names).size).toBe(names.length)
  expect(published.messages.length).toBeGreaterThan(storyNames.length * 40)
})

const typeNamed = (type: string) => {
  const name = storyNames.find((one) => wireTypes[one].name === type)
  if (name === undefined) throw new Error(`No message ${type}`)
  return wireTypeOf(name)
}

describe.each(storyNames)('%s', (storyName) => {
  const own = published.messages.filter(({ type }) => type === wireTypes[storyName].name)

  test('is refused in every way that the vectors name', () => {
    const verdicts = own.map(({ name, type, signer, bytes }) => {
      const parsed = parseMessage(typeNamed(type), fromHex(bytes))
      if (!parsed.ok) return { name, expected: parsed.error.kind }
      const key = publicKey(signer)
      const verified = [verifyWithNode, verifyWithNoble].map((verify) =>
        verifyMessage(parsed.value, key, verify),
      )
      return { name, expected: verified.every((one) => one === undefined) ? 'signature' : 'accepted' }
    })
    expect(verdicts).toEqual(own.map(({ name, expected }) => ({ name, expected })))
  })

  test('has a golden form that the CDDL takes, and the CDDL refuses every wrong shape', () => {
    const rule = wireTypes[storyName].name
    expect(matchesBytes(schema, rule, story[storyName].bytes)).toBe(true)
    const verdicts = own.map(({ name, bytes }) => ({
      name,
      matches: matchesBytes(schema, rule, fromHex(bytes)),
    }))
    const expected = own.map(({ name, expected: kind }) => ({
      name,
      matches: kind === 'signature' || beyondCddl.has(name),
    }))
    expect(verdicts).toEqual(expected)
  })
})

test.each(published.codes)('$name is refused', ({ text, expected }) => {
  expect(envelopeFromText(text)).toEqual({ ok: false, error: expected })
})

test.each(published.acceptance.cases)('$name: $expected', ({ text, expected }) => {
  const envelope = envelopeFromText(text)
  const presented = envelope.ok ? presentedIn(envelope.value) : envelope
  if (!presented.ok) throw new Error(`It does not even parse: ${presented.error}`)
  const verdict = decide(presented.value, chargerFacts(story))
  expect(verdict.ok ? verdict.value.kind : verdict.error.refusal.code).toBe(expected)
})
