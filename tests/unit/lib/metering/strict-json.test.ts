import { describe, expect, it } from 'vitest'
import { parseStrictJson, type JsonValue } from '@/lib/metering/strict-json'

const plain = (value: JsonValue): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [key, plain(item as JsonValue)]))
    : Array.isArray(value)
      ? value.map((item) => plain(item as JsonValue))
      : typeof value === 'object' && value !== null && 'digits' in value
        ? Number(value.digits)
        : value

describe('JSON with one meaning', () => {
  it.each([
    '{}',
    ' { "a" : [ 1 , -2.5e3, 0, "x\\u00e9\\n" ] , "b" : { "c" : null, "d": true } } ',
    '"text"',
    '[[],[false]]',
  ])('reads %s as every reader does', (text) => {
    const parsed = parseStrictJson(text)
    expect(parsed.ok && plain(parsed.value)).toEqual(JSON.parse(text))
  })

  it('keeps numbers as the digits that were signed', () => {
    const parsed = parseStrictJson('268.9780')
    expect(parsed.ok && parsed.value).toEqual({ digits: '268.9780' })
  })

  it.each([
    ['a key that comes twice', '{"RV":1,"RV":2}'],
    ['a key that comes twice in other letters', '{"RV":1,"\\u0052V":2}'],
    ['text behind the value', '{} {}'],
    ['half a character', '"\\ud800"'],
    ['a control character', '"a\nb"'],
    ['a leading zero', '[01]'],
    ['a trailing comma', '[1,]'],
    ['a comment', '{/**/}'],
    ['a word that is none', '[NaN]'],
    ['what ends too soon', '{"a":1'],
    ['nothing', ''],
    ['too deep a nest', '[[[[[[[[1]]]]]]]]'],
    ['too many entries', `[${'1,'.repeat(600)}1]`],
  ])('refuses %s', (_name, text) => {
    expect(parseStrictJson(text).ok).toBe(false)
  })

  it('takes no longer for what is made to be slow', () => {
    const slow = `"${'\\\\'.repeat(2_000)}`
    const startedAt = performance.now()
    expect(parseStrictJson(slow).ok).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
