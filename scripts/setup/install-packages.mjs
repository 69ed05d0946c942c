// Installs the packages of package-lock.json when node_modules does not hold them, and says plainly when it cannot.
import { existsSync, readFileSync } from 'node:fs'
import { PlainFailure } from './plain-failure.mjs'
import { inProject, logFilePath } from './root.mjs'
import { runCommand } from './run-command.mjs'

/**
 * Compares what should be there with what npm noted as installed.
 * Optional packages are skipped: which of them npm installs depends on the platform.
 * @param {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> }} wanted package-lock.json
 * @param {{ packages: Record<string, { version?: string }> } | undefined} present node_modules/.package-lock.json
 * @returns {string[]} paths of packages that are missing or have another version
 */
export function missingPackages(wanted, present) {
  const isOptional = (entry) => entry.optional === true || entry.devOptional === true
  return Object.entries(wanted.packages)
    .filter(([path, entry]) => path !== '' && !isOptional(entry))
    .filter(([path, entry]) => present?.packages[path]?.version !== entry.version)
    .map(([path]) => path)
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(inProject(path), 'utf8'))
  } catch {
    return undefined
  }
}

/** True when node_modules holds what package-lock.json asks for. */
export function packagesArePresent() {
  const wanted = readJson('package-lock.json')
  if (wanted === undefined) {
    throw new PlainFailure(
      'package-lock.json is missing or broken; restore it with `git checkout package-lock.json`.',
    )
  }
  return missingPackages(wanted, readJson('node_modules/.package-lock.json')).length === 0
}

/** How to call npm: by the very npm that called us when there is one, so that versions agree. */
function npmCommand() {
  const caller = process.env.npm_execpath
  return caller?.endsWith('.js') && existsSync(caller) ? [process.execPath, [caller]] : ['npm', []]
}

/** @param {import('./progress.mjs').Progress} progress */
export async function installPackages(progress) {
  if (packagesArePresent()) return
  const logFile = logFilePath('npm-ci')
  await progress.step('Installing packages', async (busyWith) => {
    busyWith('about a minute')
    const [command, prefix] = npmCommand()
    const outcome = await runCommand(command, [...prefix, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
      logFile,
    })
    if (outcome.exitCode !== 0) throw new PlainFailure(explainInstallFailure(outcome), logFile)
    busyWith('')
  })
}

/** @param {{ exitCode: number, tail: string }} outcome */
export function explainInstallFailure({ exitCode, tail }) {
  if (exitCode === 127) return 'npm was not found; it comes with Node, so install Node again from nodejs.org.'
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(tail)) {
    return 'The package registry could not be reached; the first start needs the internet once.'
  }
  if (/ENOSPC/.test(tail)) return 'The disk is full; free about 2 GB and start again.'
  if (/EACCES|EPERM/.test(tail)) return 'npm may not write to node_modules; check who owns this folder.'
  if (/EUSAGE/.test(tail)) {
    return 'package-lock.json does not fit package.json; `npm install` and `node scripts/complete-lockfile.mjs` mend it.'
  }
  return '`npm ci` failed.'
}
