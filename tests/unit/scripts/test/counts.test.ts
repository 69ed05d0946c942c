import { expect, test } from 'vitest'
import { countPlaywright, countVitest, readCounts, sumCounts } from '@/scripts/test/counts.mjs'

const vitestReport = (results: object[], totals: object = {}) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: results,
  ...totals,
})

test('vitest: passed, failed and skipped tests are counted', () => {
  expect(countVitest(vitestReport([], { numFailedTests: 2 }))).toEqual({ passed: 3, failed: 2, skipped: 1 })
})

test('vitest: a file that cannot be loaded counts as a failure', () => {
  const broken = { status: 'failed', assertionResults: [] }
  expect(countVitest(vitestReport([broken])).failed).toBe(1)
})

test('vitest: a file that failed by its tests is not counted twice', () => {
  const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] }
  expect(countVitest(vitestReport([failing], { numFailedTests: 1 })).failed).toBe(1)
})

test('Playwright: errors outside of tests count as failures', () => {
  const report = { stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 3 }, errors: [{ message: 'x' }] }
  expect(countPlaywright(report)).toEqual({ passed: 6, failed: 3, skipped: 3 })
})

test('a missing report is one failure, so that a runner that died cannot look green', () => {
  expect(readCounts('/nowhere/report.json', countVitest)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('counts add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 }
  expect(sumCounts([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 })
})
