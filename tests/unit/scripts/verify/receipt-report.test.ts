import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { reportReceipt } from '@/scripts/verify/receipt-report'
import { readOperator, type KnownOperator } from '@/scripts/verify/known-operators'
import { inProject } from '@/scripts/setup/root.mjs'

const sample = (name: string): string => readFileSync(inProject(`docs/samples/${name}`), 'utf8')

let operators: readonly KnownOperator[]

beforeAll(async () => {
  const operator = await readOperator(inProject('docs/samples/trust.json'))
  if (!operator.ok) throw new Error(operator.error)
  operators = [operator.value]
})

test('the sample receipt holds, and is called a sample', () => {
  const report = reportReceipt(sample('receipt.txt'), operators)
  expect(report.isGood).toBe(true)
  expect(report.verdict).toMatch(/sample/)
  // 21.734 kWh at 0.49, a session fee of 0.50, four minutes at 0.10.
  expect(report.facts.join('\n')).toContain('€11.55')
  expect(report.checks.every(({ outcome }) => outcome === 'passed')).toBe(true)
})

test('the forged sample is refused with its code', () => {
  const report = reportReceipt(sample('forged-receipt.txt'), operators)
  expect(report.isGood).toBe(false)
  expect(report.verdict).toContain('R-90 (receipt.signature)')
})

test('without the operator’s keys nothing is called genuine', () => {
  const report = reportReceipt(sample('receipt.txt'), [])
  expect(report.isGood).toBe(false)
  expect(report.verdict).toContain('R-94 (receipt.issuer)')
})

test.each([
  ['somebody’s letter', 'Dear customer', 'Q-11'],
  ['half a receipt', sample('receipt.txt').slice(0, 500), 'Q-12'],
])('%s cannot be checked', (_, text, code) => {
  const report = reportReceipt(text, operators)
  expect(report.isGood).toBe(false)
  expect(report.verdict).toContain(code)
})

test('every check has words of its own', () => {
  for (const name of ['receipt.txt', 'forged-receipt.txt']) {
    for (const { text } of reportReceipt(sample(name), []).checks) expect(text).not.toMatch(/verify\./)
  }
})
