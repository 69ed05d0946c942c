import { expect, test } from 'vitest'
import { failedLines, failedPlaywright, failedVitest, readFailed } from '@/scripts/test/failed-tests.mjs'

const passed = { status: 'passed', ancestorTitles: [], title: 'works', failureMessages: [] }
const failed = {
  status: 'failed',
  ancestorTitles: ['a code'],
  title: 'is read',
  failureMessages: ['AssertionError: expected 1 to be 2\n    at here'],
}

test('vitest: each failed test is named by file, group and title, passed ones are not', () => {
  const report = {
    testResults: [
      { name: '/project/tests/a.test.ts', status: 'failed', assertionResults: [passed, failed] },
      { name: '/project/tests/b.test.ts', status: 'passed', assertionResults: [passed] },
    ],
  }
  expect(failedVitest(report, '/project')).toEqual([
    {
      file: 'tests/a.test.ts',
      title: 'a code › is read',
      message: 'AssertionError: expected 1 to be 2\n    at here',
    },
  ])
})

test('vitest: a file that cannot be loaded is named with its reason', () => {
  const report = {
    testResults: [
      { name: '/p/x.test.ts', status: 'failed', assertionResults: [], message: 'no such module' },
    ],
  }
  expect(failedVitest(report, '/p')).toEqual([
    { file: 'x.test.ts', title: 'the file could not be run', message: 'no such module' },
  ])
})

test('Playwright: failed tests are found in nested suites, those that passed at last are not', () => {
  const spec = (title: string, status: string) => ({
    title,
    file: 'demo.spec.ts',
    tests: [{ status, results: [{ errors: [{ message: 'timed out' }] }] }],
  })
  const report = {
    suites: [
      {
        title: 'demo.spec.ts',
        specs: [spec('starts', 'expected')],
        suites: [{ title: 'a phone', specs: [spec('pays', 'unexpected'), spec('rests', 'flaky')] }],
      },
    ],
    errors: [{ message: 'no browser' }],
  }
  expect(failedPlaywright(report)).toEqual([
    { file: 'demo.spec.ts', title: 'a phone › pays', message: 'timed out' },
    { file: '', title: 'outside of any test', message: 'no browser' },
  ])
})

test('a missing report is named, so that a runner that died is not silent', () => {
  expect(readFailed('/nowhere/report.json', failedPlaywright)).toEqual([
    { file: '', title: 'the runner did not get to its end', message: '' },
  ])
})

test('the list is plain text with the first lines of each message', () => {
  const message = [
    '\u001b[31mexpected\u001b[39m',
    '',
    ...Array.from({ length: 20 }, (_, line) => `line ${line}`),
  ]
  const lines = failedLines([
    { suite: 'fast', failed: [{ file: 'a.test.ts', title: 'adds', message: message.join('\n') }] },
    { suite: 'browser', failed: [] },
  ])
  expect(lines).toEqual([
    '',
    'Failed:',
    '✗ fast › a.test.ts › adds',
    '    expected',
    ...[0, 1, 2, 3, 4].map((line) => `    line ${line}`),
    '',
  ])
})

test('nothing is said when nothing failed, and a flood is cut', () => {
  expect(failedLines([{ suite: 'fast', failed: [] }])).toEqual([])
  const failures = Array.from({ length: 60 }, (_, index) => ({ file: '', title: `${index}`, message: '' }))
  expect(failedLines([{ suite: 'fast', failed: failures }]).at(-2)).toBe('… and 10 more')
})
