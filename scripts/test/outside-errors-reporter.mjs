// A reporter for vitest: keeps what went wrong outside of any test (a promise that nobody waited for), which the JSON
// report leaves out although the run fails by it.
import { writeFileSync } from 'node:fs'

/** The environment variable that names the file to write. */
export const outsideErrorsFile = 'OUTPOST_TEST_OUTSIDE_ERRORS'

/** @typedef {{ name?: string, message?: string, stack?: string, type?: string, VITEST_TEST_PATH?: string }} OutsideError */

export default class OutsideErrorsReporter {
  /**
   * @param {readonly unknown[]} _modules
   * @param {readonly OutsideError[]} errors
   */
  onTestRunEnd(_modules, errors) {
    const file = process.env[outsideErrorsFile]
    if (file === undefined) return
    const told = errors.map((error) => ({
      file: error.VITEST_TEST_PATH ?? '',
      title: error.type ?? 'outside of any test',
      message: error.stack ?? `${error.name ?? 'Error'}: ${error.message ?? ''}`,
    }))
    writeFileSync(file, JSON.stringify(told))
  }
}
