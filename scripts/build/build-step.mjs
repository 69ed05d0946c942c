// Runs a build step only when its inputs changed or an output is gone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inProject } from '../setup/root.mjs'
import { fingerprint } from './fingerprint.mjs'

/**
 * @typedef {object} BuildStep
 * @property {string} name as shown, and the name of its stamp
 * @property {readonly string[]} inputs files and folders it reads
 * @property {readonly string[]} outputs files that exist when it has run
 * @property {readonly string[]} [settings] environment values that change its result
 * @property {(busyWith: (detail: string) => void) => Promise<void>} run
 */

const stampFile = (step) => inProject(`node_modules/.cache/outpost/stamps/${step.name.replaceAll(' ', '-')}`)

function lastStamp(step) {
  try {
    return readFileSync(stampFile(step), 'utf8')
  } catch {
    return undefined
  }
}

/** @param {BuildStep} step */
export function isStale(step) {
  if (step.outputs.some((output) => !existsSync(inProject(output)))) return true
  return lastStamp(step) !== fingerprint(step.inputs, step.settings)
}

/**
 * @param {BuildStep} step
 * @param {import('../setup/progress.mjs').Progress} progress
 */
export async function runBuildStep(step, progress) {
  // Taken before the build: a file that changes while it runs must lead to another build.
  const stamp = fingerprint(step.inputs, step.settings)
  await progress.step(`Building ${step.name}`, step.run)
  mkdirSync(dirname(stampFile(step)), { recursive: true })
  writeFileSync(stampFile(step), stamp)
}
