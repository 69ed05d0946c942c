import { expect, test } from 'vitest'
import { holderNamed } from '@/components/console/tokens/holder-field'

const mhairi = { id: '1', label: 'Mhairi Ross', note: '1001' }
const other = { id: '2', label: 'Mhairi Rossiter' }

test('a whole name means whom it names, however it is typed', () => {
  expect(holderNamed([mhairi, other], ' mhairi ross ')).toBe(mhairi)
})

test('part of a name, a name of two, and no answer yet mean nobody', () => {
  expect(holderNamed([mhairi, other], 'Mhairi')).toBeUndefined()
  expect(holderNamed([mhairi, { ...mhairi, id: '3', note: '1002' }], 'Mhairi Ross')).toBeUndefined()
  expect(holderNamed(null, 'Mhairi Ross')).toBeUndefined()
})
