import { expect, test } from 'vitest'
import { readAmount, readOptions } from '@/scripts/cases/options'

const caseId = 'a'.repeat(32)
const command = (line: string) => {
  const read = readOptions(line.split(' '))
  return read.ok ? read.value.command : read.error
}

test.each([
  ['list', { kind: 'list', filter: {}, size: 50, after: undefined }],
  [
    'list --state open --state decided --kind fork --charger KIN-1 --size 5',
    { filter: { states: ['open', 'decided'], kinds: ['fork'], chargerId: 'KIN-1' }, size: 5 },
  ],
  [`show ${caseId} --evidence-to out`, { kind: 'show', caseId, evidenceTo: 'out' }],
  [
    `take-up ${caseId} --author anna`,
    { kind: 'review', step: 'take-up', act: { author: 'anna', reason: 'other' } },
  ],
  [
    `ask-for-evidence ${caseId} --author anna`,
    { kind: 'review', step: 'ask-for-evidence', act: { reason: 'more-evidence-needed' } },
  ],
  [
    `decide ${caseId} refund --author anna --reason no-energy --amount 3.20`,
    {
      kind: 'decide',
      decision: 'refund',
      amount: '3.20',
      act: { caseId, author: 'anna', reason: 'no-energy' },
    },
  ],
])('%s', (line, expected) => {
  expect(command(line)).toMatchObject(expected)
})

test.each([
  ['', /Say a command/],
  ['list --state closed', /--state is one of/],
  ['list --kind typo', /--kind is one of/],
  ['list --size 0', /--size/],
  ['list --lang fr', /--lang/],
  ['list --colour red', /colour/],
  ['show 12', /32 hexadecimal/],
  [`take-up ${caseId}`, /staff id/],
  [`take-up ${caseId} --author Anna`, /staff id/],
  [`decide ${caseId} uphold --author anna`, /--reason is one of/],
  [`decide ${caseId} uphold --author anna --reason other --amount 3`, /takes no --amount/],
  [`decide ${caseId} refund --author anna --reason other`, /needs --amount/],
  [`decide ${caseId} forgive --author anna --reason other`, /no such/],
])('"%s" is refused in one sentence', (line, sentence) => {
  expect(command(line)).toMatch(sentence)
})

test.each([
  ['3.20', 2, 320],
  ['3.2', 2, 320],
  ['3', 2, 300],
  ['300', 0, 300],
  ['1.005', 3, 1_005],
  ['3.205', 2, undefined],
  ['3.2', 0, undefined],
  ['-3', 2, undefined],
  ['3,20', 2, undefined],
  ['', 2, undefined],
])('%s with %i decimals are %s', (text, decimals, expected) => {
  expect(readAmount(text, decimals)).toBe(expected)
})
