import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import OutsideErrorsReporter, { outsideErrorsFile } from '@/scripts/test/outside-errors-reporter.mjs'
import { wholeOutcome } from '@/scripts/test/whole-outcome.mjs'

const green = { suite: 'fast', exitCode: 0, counts: { passed: 5, failed: 0, skipped: 0 }, failed: [] }

afterEach(() => vi.unstubAllEnvs())

test('a good run stays as it is', () => {
  expect(wholeOutcome(green, [])).toEqual(green)
})

test('an error outside of any test is a failure with a name', () => {
  const error = { file: 'a.test.ts', title: 'Unhandled Rejection', message: 'Error: late' }
  const outcome = wholeOutcome({ ...green, exitCode: 1 }, [error])
  expect(outcome.counts).toEqual({ passed: 5, failed: 1, skipped: 0 })
  expect(outcome.failed).toEqual([error])
})

test('a runner that ends badly for no known reason says so', () => {
  const outcome = wholeOutcome({ ...green, exitCode: 137 }, [])
  expect(outcome.counts.failed).toBe(1)
  expect(outcome.failed[0]?.title).toBe('ended with code 137 though no test failed')
})

test('a runner that named its failed tests is not counted twice', () => {
  const counts = { passed: 5, failed: 1, skipped: 0 }
  const named = [{ file: 'a.test.ts', title: 'is read', message: '' }]
  expect(wholeOutcome({ suite: 'fast', exitCode: 1, counts, failed: named }, []).counts).toEqual(counts)
})

test('the reporter keeps where an outside error came from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-outside-'))
  const file = join(folder, 'outside.json')
  vi.stubEnv(outsideErrorsFile, file)
  try {
    const error = {
      type: 'Unhandled Rejection',
      stack: 'Error: late\n  at x',
      VITEST_TEST_PATH: '/p/a.test.ts',
    }
    new OutsideErrorsReporter().onTestRunEnd([], [error])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      { file: '/p/a.test.ts', title: 'Unhandled Rejection', message: 'Error: late\n  at x' },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
