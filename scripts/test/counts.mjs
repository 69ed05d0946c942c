// Reads how many tests passed and failed from the JSON reports of vitest and Playwright.
import { readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {any} report vitest's `--reporter=json`
 * @returns {Counts}
 */
export function countVitest(report) {
  // A file that cannot even be loaded has no tests that fail; it counts as one failure itself.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((result) => result.status !== 'failed'),
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}

/**
 * @param {any} report Playwright's `--reporter=json`
 * @returns {Counts} a test that passed only when tried again counts as passed
 */
export function countPlaywright(report) {
  const { expected, flaky, unexpected, skipped } = report.stats
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped }
}

/** @param {readonly Counts[]} all */
export const sumCounts = (all) =>
  all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )

/**
 * @param {string} file
 * @param {(report: any) => Counts} count
 * @returns {Counts} one failure when the report is missing or broken: the runner did not get to its end
 */
export function readCounts(file, count) {
  try {
    return count(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
