// Everything that `npm test` does, one stage after the other; a failing stage does not hide the later ones.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { buildAll } from '../build.mjs'
import { runChecks } from '../check/run-checks.mjs'
import { ensureChromium } from '../setup/ensure-chromium.mjs'
import { ensureSoftHsm } from '../setup/ensure-softhsm.mjs'
import { installPackages } from '../setup/install-packages.mjs'
import { createProgress } from '../setup/progress.mjs'
import { reportFailure } from '../setup/report-failure.mjs'
import { inProject, projectRoot } from '../setup/root.mjs'
import { countPlaywright, countVitest, readCounts, sumCounts } from './counts.mjs'
import { failedLines, failedPlaywright, failedVitest, readFailed } from './failed-tests.mjs'
import { outsideErrorsFile } from './outside-errors-reporter.mjs'
import { wholeOutcome } from './whole-outcome.mjs'

const reports = inProject('test-results')
/** Pages mostly wait, the gallery mostly works: together they fill the machine with two browsers a core. */
const screenWorkers = Math.min(8, 2 * availableParallelism())
const reportOf = (name) => `${reports}/${name}.json`

/**
 * Runs a test runner with its own output on the terminal, so that people see how it goes; of one that runs beside another
 * (`isBeside`) it is shown once it is done.
 */
function runTool(script, args, env = {}, isBeside = false) {
  return new Promise((resolve) => {
    const said = []
    const child = spawn(process.execPath, [inProject(`node_modules/${script}`), ...args], {
      cwd: projectRoot,
      env: { ...process.env, ...env },
      stdio: isBeside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    child.stdout?.on('data', (part) => said.push(part))
    child.stderr?.on('data', (part) => said.push(part))
    child.once('error', () => resolve(1))
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      resolve(code ?? 1)
    })
  })
}

async function vitest(project, isBeside = false) {
  const report = reportOf(project)
  const outside = reportOf(`${project}-outside`)
  const exitCode = await runTool(
    'vitest/vitest.mjs',
    [
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      '--reporter=./scripts/test/outside-errors-reporter.mjs',
      `--outputFile.json=${report}`,
    ],
    { [outsideErrorsFile]: outside },
    isBeside,
  )
  return wholeOutcome(
    {
      suite: project,
      exitCode,
      counts: readCounts(report, countVitest),
      failed: readFailed(report, (read) => failedVitest(read, projectRoot)),
    },
    existsSync(outside) ? readFailed(outside, (read) => read) : [],
  )
}

async function playwright(suite, projects, workers, chromium) {
  const report = reportOf(suite)
  const exitCode = await runTool(
    'playwright/cli.js',
    [
      'test',
      ...projects.map((project) => `--project=${project}`),
      `--workers=${workers}`,
      '--reporter=list,json',
    ],
    { OUTPOST_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  )
  return wholeOutcome(
    {
      suite,
      exitCode,
      counts: readCounts(report, countPlaywright),
      failed: readFailed(report, failedPlaywright),
    },
    [],
  )
}

/** @returns {Promise<number>} the exit code */
export async function testEverything() {
  const progress = createProgress()
  try {
    await installPackages(progress)
    const chromium = await ensureChromium(progress)
    await ensureSoftHsm(progress)
    rmSync(reports, { recursive: true, force: true })
    mkdirSync(reports, { recursive: true })
    await buildAll(progress, { demo: true })
    const failedChecks = await runChecks(progress, { withFastTests: false })
    const outcomes = [
      await vitest('fast'),
      await vitest('integration'),
      await playwright('screens', ['gallery', 'pages'], screenWorkers, chromium),
      // Whole chargers in real time, which mostly wait: both together leave the machine room enough.
      ...(await Promise.all([playwright('browser', ['browser'], 1, chromium), vitest('alone', true)])),
    ]
    return conclude(failedChecks, outcomes)
  } catch (failure) {
    const exitCode = reportFailure(failure)
    console.log('0 passed, 1 failed')
    return exitCode
  }
}

/** A check that found something counts as one failed test, so that the last line tells the whole truth. */
function conclude(failedChecks, outcomes) {
  const checks = { passed: 0, failed: failedChecks.length, skipped: 0 }
  const { passed, failed, skipped } = sumCounts([...outcomes.map((outcome) => outcome.counts), checks])
  if (failedChecks.length > 0) console.log(`\nFound something, see above: ${failedChecks.join(', ')}`)
  if (skipped > 0) console.log(`${skipped} skipped`)
  if (passed === 0) console.log('No test ran, which counts as a failure.')
  // Right before the counts, so that even a log of which only the end is kept names what failed.
  const checked = { suite: 'check', failed: failedChecks.map((title) => ({ file: '', title, message: '' })) }
  for (const line of failedLines([checked, ...outcomes])) console.log(line)
  console.log(`${passed} passed, ${failed} failed`)
  const good = passed > 0 && failed === 0 && outcomes.every((outcome) => outcome.exitCode === 0)
  return good ? 0 : 1
}
