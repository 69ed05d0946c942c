import { expect, test } from 'vitest'
import { addressOf, askedOf, filterOf } from '@/app/(operator)/operator/fleet-query'

test('a filter stands in the address as it is asked for, and comes back out of it', () => {
  const filter = { state: 'frozen', search: 'Loch & Sons' } as const
  expect(addressOf(filter)).toBe('/operator?state=frozen&search=Loch+%26+Sons')
  expect(filterOf(new URL(`https://x${addressOf(filter)}`).searchParams)).toEqual(filter)
  expect(askedOf(filter)).toBe('/operator/fleets?state=frozen&search=Loch+%26+Sons')
})

test('what is usual is left out, and what nobody knows is not believed', () => {
  expect(addressOf({ state: '', search: '' })).toBe('/operator')
  expect(askedOf({ state: '', search: '' })).toBe('/operator/fleets?')
  const odd = filterOf(new URLSearchParams({ state: 'rich', search: `  ${'x'.repeat(99)}`, other: '1' }))
  expect(odd).toEqual({ state: '', search: 'x'.repeat(60) })
})
