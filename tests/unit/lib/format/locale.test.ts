import { expect, test } from 'vitest'
import { chooseLocale } from '@/lib/format/locale'

test('a stored choice wins over the browser', () => {
  expect(chooseLocale('en', ['de-DE'])).toBe('en')
})

test('without one, the first language of the browser that exists here is taken', () => {
  expect(chooseLocale(null, ['fr-CH', 'de-CH', 'en'])).toBe('de')
})

test('a stored language that no longer exists is ignored', () => {
  expect(chooseLocale('xx', ['DE'])).toBe('de')
})

test('English is what remains', () => {
  expect(chooseLocale(null, [])).toBe('en')
})
