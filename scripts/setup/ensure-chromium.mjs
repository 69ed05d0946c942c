// Makes sure that there is a Chromium for the end-to-end tests, installing one when there is none.
import { existsSync } from 'node:fs'
import { findChromium } from '../find-chromium.mjs'
import { PlainFailure } from './plain-failure.mjs'
import { inProject, logFilePath } from './root.mjs'
import { runCommand } from './run-command.mjs'

const explain =
  'No Chromium was found and none could be installed: install Chromium or Chrome, or name one with OUTPOST_CHROMIUM=/path/to/chromium.'

/** Debian and its relatives, as root: the distribution's own package. */
async function installByApt(logFile) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = await runCommand('apt-get', ['update'], { logFile, env })
  if (update.exitCode === 0) {
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { logFile, env })
  }
}

const installByPlaywright = (logFile) =>
  runCommand(process.execPath, [inProject('node_modules/playwright/cli.js'), 'install', 'chromium'], {
    logFile,
  })

/**
 * @param {import('./progress.mjs').Progress} progress
 * @returns {Promise<string>} path of its executable
 */
export async function ensureChromium(progress) {
  const named = process.env.OUTPOST_CHROMIUM
  if (named && !existsSync(named)) {
    throw new PlainFailure(`OUTPOST_CHROMIUM names ${named}, which does not exist.`)
  }
  const present = await findChromium()
  if (present !== undefined) return present
  const logFile = logFilePath('chromium')
  return progress.step('Installing Chromium for the browser tests', async () => {
    await installByApt(logFile)
    if ((await findChromium()) === undefined) await installByPlaywright(logFile)
    const installed = await findChromium()
    if (installed === undefined) throw new PlainFailure(explain, logFile)
    return installed
  })
}
