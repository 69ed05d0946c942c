import { expect, test } from 'vitest'
import {
  boundedPayload,
  enumField,
  field,
  integerField,
  listField,
  textField,
} from '@/charger-kiosk/ocpp/payload'

test('Fields of the wrong type are absent', () => {
  const payload = { text: 7, list: 'x', number: {}, choice: 'C' }
  expect(textField(payload, 'text', 10)).toBeUndefined()
  expect(listField(payload, 'list')).toEqual([])
  expect(integerField(payload, 'number')).toBeUndefined()
  expect(enumField(payload, 'choice', ['A', 'B'])).toBeUndefined()
})

test('Texts are trimmed and cut, figures are rounded half up', () => {
  expect(textField({ tag: '  ABCDEF ' }, 'tag', 4)).toBe('ABCD')
  expect(integerField({ wh: 12.5 }, 'wh')).toBe(13)
  expect(integerField({ wh: '12.4' }, 'wh')).toBe(12)
  expect(integerField({ wh: 1e21 }, 'wh')).toBeUndefined()
})

test('What every object inherits is no field of a payload', () => {
  expect(field(JSON.parse('{"a":1}') as Record<string, unknown>, 'constructor')).toBeUndefined()
})

test('Too deep a field is left out and its neighbours stay', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)
  expect(boundedPayload({ transactionId: 3, transactionData: deep })).toEqual({ transactionId: 3 })
  expect(boundedPayload([1, 2])).toEqual({})
})
