import { createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import { reasons, type MoneyMoved, type ReasonCode } from '@/lib/core/reason-codes'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'
import { reasonText } from '@/lib/format/reason-text'

const languages = { en, de } as const
type Language = keyof typeof languages

/** `driver.home.until` → its text, for a whole language. */
function leaves(node: unknown, path: readonly string[] = []): ReadonlyMap<string, string> {
  if (typeof node === 'string') return new Map([[path.join('.'), node]])
  return new Map(
    Object.entries(node as Record<string, unknown>).flatMap(([key, child]) => [
      ...leaves(child, [...path, key]),
    ]),
  )
}

/** Names of ICU arguments at any depth; the text of plural branches is walked as well. */
function placeholders(message: string): readonly string[] {
  const names = new Set<string>()
  const branch = (from: number): number => {
    for (let at = from; at < message.length; at += 1) {
      if (message[at] === '}') return at
      if (message[at] === '{') at = argument(at + 1)
    }
    return message.length
  }
  const argument = (from: number): number => {
    const name = /^\s*(\w+)\s*/.exec(message.slice(from))
    names.add(name?.[1] ?? '')
    for (let at = from; at < message.length; at += 1) {
      if (message[at] === '}') return at
      if (message[at] === '{') at = branch(at + 1)
    }
    return message.length
  }
  branch(0)
  return [...names].sort()
}

const english = leaves(en)
const names = Object.keys(languages) as Language[]

test.each(names)('%s has exactly the keys of English', (language) => {
  expect([...leaves(languages[language]).keys()].sort()).toEqual([...english.keys()].sort())
})

test.each(names)('%s has no empty words', (language) => {
  const empty = [...leaves(languages[language])].filter(([, text]) => text.trim() === '').map(([key]) => key)
  expect(empty).toEqual([])
})

test.each(names)('%s uses the same placeholders as English', (language) => {
  for (const [key, text] of leaves(languages[language])) {
    expect({ key, names: placeholders(text) }).toEqual({ key, names: placeholders(english.get(key) ?? '') })
  }
})

test.each(names)('%s can be formatted message by message', (language) => {
  for (const [key, text] of leaves(languages[language])) {
    const translate = createTranslator<Record<string, string>>({
      locale: language,
      messages: { text } as never,
      onError: (error) => {
        throw new Error(`${key}: ${error.message}`)
      },
    }) as (key: string, values: Record<string, number>) => string
    const values = Object.fromEntries(placeholders(text).map((name) => [name, 2]))
    expect(translate('text', values)).not.toContain('{')
  }
})

test.each(names)('%s says in words whether money moved', (language) => {
  const told: Record<MoneyMoved, string> = languages[language].reasons.money
  expect(new Set(Object.values(told)).size).toBe(3)
})

test.each(
  names.flatMap((language) =>
    (Object.keys(reasons) as ReasonCode[]).map((code) => [language, code] as const),
  ),
)('%s has all four parts for %s', (language, code) => {
  const translate = createTranslator({
    locale: language,
    messages: languages[language],
    namespace: 'reasons',
    onError: (error) => {
      throw error
    },
  })
  const text = reasonText({ code }, translate)
  expect(text.title).toMatch(/[.!?]$/)
  expect(text.action).toMatch(/[.!?]$/)
  expect(text.moneyText).toMatch(/[.!?]$/)
  expect(text.code).toMatch(/^[A-Z]-\d+$/)
})

test('no refusal blames anybody or speaks like a machine', () => {
  const blame = /\b(error|invalid|failed to|illegal|fehler(haft)?|ungültig)\b/i
  const found = names.flatMap((language) =>
    [...leaves(languages[language].reasons)].filter(([, text]) => blame.test(text)),
  )
  expect(found).toEqual([])
})
