// What one test runner came to. A run that ended badly must name at least one reason: a log that says
// '0 failed' above an exit code of 1 helps nobody.

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {import('./failed-tests.mjs').FailedTest} FailedTest */
/** @typedef {{ suite: string, exitCode: number, counts: Counts, failed: readonly FailedTest[] }} Outcome */

/**
 * @param {Outcome} outcome as the runner's own report has it
 * @param {readonly FailedTest[]} outside what went wrong outside of any test
 * @returns {Outcome} each of them counted as a failure, and one more when the runner ended badly for no known reason
 */
export function wholeOutcome(outcome, outside) {
  const unexplained = outcome.exitCode !== 0 && outcome.counts.failed === 0 && outside.length === 0
  const more = unexplained
    ? [{ file: '', title: `ended with code ${outcome.exitCode} though no test failed`, message: '' }]
    : outside
  return {
    ...outcome,
    counts: { ...outcome.counts, failed: outcome.counts.failed + more.length },
    failed: [...outcome.failed, ...more],
  }
}
