/** What is told of a world that went wrong: where, by which rule, and the command that shows it again. */

import { expect, test } from 'vitest'
import { complaintOf } from '@/scripts/simulate/worlds/main'

const story = Array.from({ length: 30 }, (_, line) => `${line} happens`)
const violation = { step: 30, rule: 'energy is billed', detail: 'KIN-01' }
const report = { seed: 7, steps: 30, traceHash: 'ab', violations: [violation], story, lived: {} }
const asked = { tellsAll: false, onPostgres: false, planted: undefined }

test('The end of its story, the rule, and the exact command', () => {
  const lines = complaintOf(report, asked)
  expect(lines.slice(0, 2)).toEqual(['Seed 7 violates:', '  step 30: energy is billed: KIN-01'])
  expect(lines).toContain('    29 happens')
  expect(lines).not.toContain('    1 happens')
  expect(lines.at(-1)).toBe('  See it again: npm run simulate -- --seed 7 --story')
})

test('The command names what the world was asked for', () => {
  expect(complaintOf(report, { ...asked, onPostgres: true }).at(-1)).toMatch(/ --story --postgres$/)
  expect(complaintOf(report, { ...asked, planted: 'post-twice' }).at(-1)).toMatch(/ --mutant post-twice$/)
})

test('Whoever reads the whole story does not get its end twice', () => {
  expect(complaintOf(report, { ...asked, tellsAll: true })).toHaveLength(3)
})

test('A world that went right is told nothing of', () => {
  expect(complaintOf({ ...report, violations: [] }, asked)).toEqual([])
})
