import { expect, test } from 'vitest'
import { asChoice, asInteger, asList, asObject, asText } from '@/lib/cloud/json-shape'

test('only objects are objects', () => {
  expect(asObject({ a: 1 })).toEqual({ a: 1 })
  for (const other of [null, [], 'a', 1, undefined]) expect(asObject(other)).toBeUndefined()
})

test('text has a length, integers have a range, choices are among the choices', () => {
  expect([asText('abc', 3), asText('abcd', 3), asText('', 3), asText(7, 3)]).toEqual([
    'abc',
    undefined,
    undefined,
    undefined,
  ])
  expect([5, 6, 5.5, Number.MAX_SAFE_INTEGER + 1, '5'].map((value) => asInteger(value, 0, 5))).toEqual([
    5,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect([asChoice('a', ['a', 'b']), asChoice('c', ['a', 'b'])]).toEqual(['a', undefined])
})

test('a list is right as a whole or not at all', () => {
  const read = (value: unknown) => asInteger(value, 0, 9)
  expect(asList([1, 2], 2, read)).toEqual([1, 2])
  expect([asList([1, 'x'], 2, read), asList([1, 2, 3], 2, read), asList('12', 2, read)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
