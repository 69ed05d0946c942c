/** docs/privacy.md: no event of a charger's log has a place for a name, and none for a guessable fact about a person. */

import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8')

/** Member names of the messages that stand in events, and of the events themselves. */
const members = (text: string): readonly string[] =>
  [...text.matchAll(/^ {2,4}(\w+): (?:at|optional)\(/gm)].flatMap(([, name]) =>
    name === undefined ? [] : [name],
  )

const inEvents = [
  'lib/protocol/journal-event.ts',
  ...['offer', 'authorization', 'grant', 'answer', 'receipt', 'stop', 'voucher', 'bearer-record'].map(
    (name) => `lib/protocol/messages/${name}.ts`,
  ),
  ...['technician-challenge', 'technician-entry', 'technician-pass'].map(
    (name) => `lib/protocol/messages/${name}.ts`,
  ),
]

const personal =
  /name|mail|phone|plate|person|driver|customer|address|birth|token(?!ised)|card(?!s)|uid|account/i

test.each(inEvents)('%s names nobody', (path) => {
  const found = members(source(path))
  expect(found.length).toBeGreaterThan(1)
  expect(found.filter((name) => personal.test(name))).toEqual([])
})
