/** Planted bugs must stay plantable: refactoring may move a text, but not disarm the mutant that changes it. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutated } from '@/scripts/simulate/worlds/bundle'
import { mutants } from '@/scripts/simulate/worlds/mutants'
import { inProject } from '@/scripts/setup/root.mjs'

test.each(mutants.map((mutant) => [mutant.id, mutant] as const))(
  '%s still changes its module',
  (_id, mutant) => {
    const text = readFileSync(inProject(mutant.file), 'utf8')
    expect(mutated(text, mutant)).not.toBe(text)
  },
)

test('There are at least twenty, each with a name of its own', () => {
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
  expect(mutants.length).toBeGreaterThanOrEqual(20)
})

test('A text that stands nowhere, or twice, cannot be changed', () => {
  const mutation = { file: 'a.ts', find: 'one', replace: 'two' }
  expect(() => mutated('nothing', mutation)).toThrow('a.ts holds "one" 0 times')
  expect(() => mutated('one one', mutation)).toThrow('2 times')
  expect(mutated('$& one', { ...mutation, replace: '$&' })).toBe('$& $&')
})
