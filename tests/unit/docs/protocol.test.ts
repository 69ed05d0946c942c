import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { fromHex } from '@/lib/core/bytes'
import { chargerId } from '@/lib/core/ids'
import { decodeBase45 } from '@/lib/protocol/base45'
import { signMessage } from '@/lib/protocol/message'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { journalEvents } from '@/scripts/fuzz/journal-corpus'
import { inProject } from '@/scripts/setup/root.mjs'
import { chargerSigner, storyOperator, storyTimeS, tellStory } from '@/tests/fixtures/messages'
import { assertionOver } from '@/tests/fixtures/virtual-passkey'
import { matchesBytes, parseCddl } from '@/tests/vectors/cddl'
import { reasonCodesPage, sizesPage } from './generated'

const read = (path: string): string => readFileSync(inProject(path), 'utf8')
const words = JSON.parse(read('lib/format/messages/en/reasons.json')) as Readonly<
  Record<string, Readonly<Record<string, { title: string; action: string }>>>
>

function wordsOf(code: ReasonCode): { readonly title: string; readonly action: string } {
  const [group = '', name = ''] = code.split('.')
  const found = words[group]?.[name]
  if (found === undefined) throw new Error(`No words for ${code}`)
  return found
}

test.each([
  ['docs/protocol/reason-codes.md', () => Promise.resolve(reasonCodesPage(wordsOf))],
  ['docs/protocol/sizes.md', sizesPage],
])('%s says what the code says', async (path, made) => {
  const page = await made()
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(inProject(path), page)
  expect(read(path)).toBe(page)
})

const referring = [
  'docs/security.md',
  'docs/threats.md',
  'docs/protocol/rules-of-money.md',
  'docs/protocol/matrix.md',
]
const reference = /`((?:unit|contracts|property|integration|simulation|vectors|e2e)\/[^`]+)`:\s“([^”]+)”/g

test.each(referring)('every test that %s names exists', (path) => {
  const named = [...read(path).matchAll(reference)].map(([, file = '', title = '']) => ({ file, title }))
  expect(named.length).toBeGreaterThan(3)
  const missing = named.filter(({ file, title }) => {
    const where = inProject(`tests/${file}`)
    return !existsSync(where) || !readFileSync(where, 'utf8').includes(title)
  })
  expect(missing).toEqual([])
})

test('each of the thirteen rules and each threat names a test', () => {
  const rules = read('docs/protocol/rules-of-money.md')
    .split(/^## \d+\. /m)
    .slice(1)
  expect(rules).toHaveLength(13)
  expect(rules.filter((rule) => !new RegExp(reference).test(rule))).toEqual([])
  const threats = read('docs/threats.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| somebody'))
  expect(threats.length).toBeGreaterThan(30)
  expect(threats.filter((line) => !new RegExp(reference).test(line))).toEqual([])
})

test('links between the pages lead somewhere', () => {
  for (const name of readdirSync(inProject('docs/protocol')).filter((file) => file.endsWith('.md'))) {
    const links = [...read(`docs/protocol/${name}`).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(inProject(`docs/protocol/${link}`)))).toEqual([])
  }
})

const schema = parseCddl(read('docs/protocol/outpost.cddl'))

test('the CDDL has a rule for every message of the code, by its name on the wire', () => {
  const folder = 'lib/protocol/messages'
  const names = readdirSync(inProject(folder))
    .flatMap((file) => [...read(`${folder}/${file}`).matchAll(/= \{ name: '([a-z-]+)', payload \}/g)])
    .map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(19)
  expect(names.filter((name) => !schema.has(name) || !schema.has(`${name}-payload`))).toEqual([])
})

interface Published {
  readonly messages: unknown
  readonly codes: readonly { readonly bytes: string }[]
}

test('the CDDL takes the golden codes and the golden bundle, and no refused code', () => {
  const golden = JSON.parse(read('tests/vectors/messages.json')) as Published
  const bundle = JSON.parse(read('tests/vectors/bundle.json')) as { readonly bytes: string }
  const refused = JSON.parse(read('tests/vectors/rejections.json')) as {
    readonly codes: readonly { readonly text: string }[]
  }
  expect(golden.codes.map(({ bytes }) => matchesBytes(schema, 'envelope', fromHex(bytes)))).not.toContain(
    false,
  )
  expect(matchesBytes(schema, 'bundle', fromHex(bundle.bytes))).toBe(true)
  const bodies = refused.codes.flatMap(({ text }) => {
    const bytes = text.startsWith('OP1:') ? decodeBase45(text.slice(4)) : undefined
    return bytes === undefined ? [] : [bytes]
  })
  expect(bodies.length).toBeGreaterThan(10)
  expect(bodies.map((bytes) => matchesBytes(schema, 'envelope', bytes))).not.toContain(true)
})

test('the CDDL takes events of every kind, attachments, and messages that the base story lacks', async () => {
  const story = await tellStory()
  expect(journalEvents(story).map((event) => matchesBytes(schema, 'event', event))).not.toContain(false)
  expect(matchesBytes(schema, 'passkey-assertion', assertionOver(story.authorization.hash))).toBe(true)
  const renewal = await signMessage(
    certificateRenewal,
    {
      operator: storyOperator,
      chargerId: chargerId('KIN-01'),
      key: chargerSigner.publicKey,
      timeS: storyTimeS,
    },
    chargerSigner,
  )
  expect(matchesBytes(schema, 'certificate-renewal', renewal.bytes)).toBe(true)
  expect(matchesBytes(schema, 'checkpoint', renewal.bytes)).toBe(false)
})
