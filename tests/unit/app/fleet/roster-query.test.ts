import { expect, test } from 'vitest'
import { addressOf, askedOf, filterOf, importOf } from '@/app/(fleet)/fleet/drivers/roster-query'

const read = (text: string) => filterOf(new URLSearchParams(text))

test.each([
  '',
  'kind=vehicles',
  'state=removed&search=Ailsa+Reid',
  'kind=vehicles&state=removed&search=SV24',
])('an address says what its page showed: %s', (text) => {
  const filter = read(text)
  const address = addressOf(filter)
  expect(read(address.split('?')[1] ?? '')).toEqual(filter)
  expect(address).toBe(text === '' ? '/fleet/drivers' : `/fleet/drivers?${text}`)
})

test('what does not belong in it is left out', () => {
  expect(read(`kind=ships&state=lost&search=${'x'.repeat(99)}&token=7`)).toEqual({
    ...{ kind: 'drivers', state: 'active', search: 'x'.repeat(60) },
  })
  expect(importOf(new URLSearchParams('import=vehicles'))).toBe('vehicles')
  expect(importOf(new URLSearchParams('import=ships'))).toBeNull()
})

test('a page is asked for from where the one before ended', () => {
  const filter = { kind: 'drivers', state: 'active', search: 'a&b' } as const
  expect(askedOf(filter, null)).toBe('/fleet/drivers?state=active&search=a%26b')
  expect(askedOf({ ...filter, search: '' }, 'c=')).toBe('/fleet/drivers?state=active&cursor=c%3D')
})
