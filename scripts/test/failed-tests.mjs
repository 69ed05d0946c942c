// Names the tests that failed, from the JSON reports of vitest and Playwright, so that the end of a log says which ones.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** @typedef {{ file: string, title: string, message: string }} FailedTest */

/** A log's end must stay readable when everything is broken: more failures than this are only counted. */
const listedMax = 50
const messageLines = 6
const lineLengthMax = 200

/**
 * @param {any} report vitest's `--reporter=json`
 * @param {string} root files are named relative to it
 * @returns {FailedTest[]}
 */
export function failedVitest(report, root) {
  return report.testResults
    .filter((file) => file.status === 'failed')
    .flatMap((file) => {
      const failed = file.assertionResults.filter((result) => result.status === 'failed')
      const name = relative(root, file.name)
      if (failed.length === 0) {
        return [{ file: name, title: 'the file could not be run', message: file.message ?? '' }]
      }
      return failed.map((result) => ({
        file: name,
        title: [...(result.ancestorTitles ?? []), result.title].join(' › '),
        message: (result.failureMessages ?? []).join('\n'),
      }))
    })
}

/**
 * @param {any} report Playwright's `--reporter=json`
 * @returns {FailedTest[]}
 */
export function failedPlaywright(report) {
  const inSuite = (suite, titles) => [
    ...(suite.specs ?? [])
      .filter((spec) => spec.tests.some((test) => test.status === 'unexpected'))
      .map((spec) => ({
        file: spec.file,
        title: [...titles, spec.title].join(' › '),
        message: spec.tests
          .flatMap((test) =>
            test.results.flatMap((result) => (result.errors ?? []).map((error) => error.message)),
          )
          .join('\n'),
      })),
    ...(suite.suites ?? []).flatMap((inner) => inSuite(inner, [...titles, inner.title])),
  ]
  const outside = report.errors.map((error) => ({
    file: error.location?.file ?? '',
    title: 'outside of any test',
    message: error.message ?? '',
  }))
  return [...report.suites.flatMap((suite) => inSuite(suite, [])), ...outside]
}

/**
 * @param {string} file
 * @param {(report: any) => FailedTest[]} list
 * @returns {FailedTest[]} one entry when the report is missing or broken, as the counts have it
 */
export function readFailed(file, list) {
  try {
    return list(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return [{ file: '', title: 'the runner did not get to its end', message: '' }]
  }
}

/** @param {readonly { suite: string, failed: readonly FailedTest[] }[]} suites */
export function failedLines(suites) {
  const all = suites.flatMap(({ suite, failed }) => failed.map((test) => ({ suite, ...test })))
  if (all.length === 0) return []
  const listed = all
    .slice(0, listedMax)
    .flatMap(({ suite, file, title, message }) => [
      `✗ ${[suite, file, title].filter((part) => part !== '').join(' › ')}`,
      ...firstLines(message).map((line) => `    ${line}`),
    ])
  const more = all.length > listedMax ? [`… and ${all.length - listedMax} more`] : []
  return ['', 'Failed:', ...listed, ...more, '']
}

const firstLines = (message) =>
  stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim().slice(0, lineLengthMax))
    .filter((line) => line !== '')
    .slice(0, messageLines)
