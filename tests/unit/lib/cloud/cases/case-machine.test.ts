import { expect, test } from 'vitest'
import {
  advance,
  caseStates,
  caseTransitions,
  stepsFrom,
  type CaseStanding,
  type CaseStep,
} from '@/lib/cloud/cases/case-machine'

const standings = {
  open: { state: 'open' },
  'in-review': { state: 'in-review', takenBy: 'anna' },
  'waiting-for-evidence': { state: 'waiting-for-evidence', takenBy: 'anna' },
  decided: { state: 'decided', decidedBy: 'anna', verdict: 'uphold' },
} as const satisfies Record<string, CaseStanding>

const after = (state: keyof typeof standings, step: CaseStep, author: string): string => {
  const result = advance(standings[state], step, author)
  return result.ok ? JSON.stringify(result.value) : result.error.code
}

test.each([
  ['open', 'take-up', 'anna', '{"state":"in-review","takenBy":"anna"}'],
  ['open', 'add-evidence', 'operator', '{"state":"open"}'],
  ['open', 'uphold', 'anna', 'case.step'],
  ['open', 'refund', 'anna', 'case.step'],
  ['in-review', 'take-up', 'ben', 'case.taken'],
  ['in-review', 'take-over', 'ben', '{"state":"in-review","takenBy":"ben"}'],
  ['in-review', 'hand-back', 'anna', '{"state":"open"}'],
  ['in-review', 'hand-back', 'ben', 'case.taken'],
  ['in-review', 'ask-for-evidence', 'anna', '{"state":"waiting-for-evidence","takenBy":"anna"}'],
  ['in-review', 'add-evidence', 'operator', '{"state":"in-review","takenBy":"anna"}'],
  ['in-review', 'refund', 'anna', '{"state":"in-review","takenBy":"anna"}'],
  ['in-review', 'refund', 'ben', 'case.taken'],
  ['in-review', 'uphold', 'anna', '{"state":"decided","decidedBy":"anna","verdict":"uphold"}'],
  ['in-review', 'dismiss', 'anna', '{"state":"decided","decidedBy":"anna","verdict":"dismiss"}'],
  ['in-review', 'dismiss', 'ben', 'case.taken'],
  ['waiting-for-evidence', 'add-evidence', 'operator', '{"state":"in-review","takenBy":"anna"}'],
  ['waiting-for-evidence', 'take-up', 'anna', '{"state":"in-review","takenBy":"anna"}'],
  ['waiting-for-evidence', 'take-up', 'ben', 'case.taken'],
  ['waiting-for-evidence', 'take-over', 'ben', '{"state":"in-review","takenBy":"ben"}'],
  ['waiting-for-evidence', 'dismiss', 'anna', 'case.step'],
  ['open', 'resolve', 'operator', '{"state":"decided","decidedBy":"operator","verdict":"resolve"}'],
  ['in-review', 'resolve', 'operator', '{"state":"decided","decidedBy":"operator","verdict":"resolve"}'],
  ['decided', 'resolve', 'operator', 'case.decided'],
  ['decided', 'take-up', 'anna', 'case.decided'],
  ['decided', 'dismiss', 'ben', 'case.decided'],
  ['decided', 'goodwill', 'anna', 'case.decided'],
  ['decided', 'add-evidence', 'operator', '{"state":"decided","decidedBy":"anna","verdict":"uphold"}'],
] as const)('%s, %s by %s: %s', (state, step, author, expected) => {
  expect(after(state, step, author)).toBe(expected)
})

test('every state but decided can be left, and decided can not', () => {
  for (const state of caseStates) {
    const ways = Object.values(caseTransitions[state])
    expect(ways.some((next) => next !== state)).toBe(state !== 'decided')
  }
})

test('people are offered what the table allows, and evidence is not theirs to add', () => {
  expect(stepsFrom('open')).toEqual(['take-up'])
  expect(stepsFrom('decided')).toEqual([])
})
