// Runs the checks two at a time and prints a line for each; the output of a check appears only when it fails.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { inProject } from '../setup/root.mjs'
import { runCommand } from '../setup/run-command.mjs'
import { runBounded } from './bounded.mjs'
import { checks } from './checks.mjs'

/** The output is kept and shown later: no colours, and no dancing lines. */
const plain = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: '1' }

/**
 * @param {import('../setup/progress.mjs').Progress} progress
 * @param {{ withFastTests: boolean }} options
 * @returns {Promise<string[]>} the names of those that failed
 */
export async function runChecks(progress, options) {
  const failures = []
  await prepareTypes()
  await runBounded(checks(options), Math.max(1, Math.min(3, availableParallelism())), async (check) => {
    try {
      await progress.step(`Checking ${check.name}`, async () => {
        const args = [inProject(`node_modules/${check.script}`), ...check.args]
        const outcome = await runCommand(process.execPath, args, { env: plain })
        if (outcome.exitCode !== 0) throw new Error(outcome.tail)
      })
    } catch (failure) {
      failures.push({ name: check.name, output: failure.message })
    }
  })
  for (const failure of failures) progress.line(`\n--- ${failure.name} ---\n${failure.output.trim()}`)
  return failures.map((failure) => failure.name)
}

/** Next declares its image and style modules in a generated file that a fresh clone does not have. */
async function prepareTypes() {
  if (existsSync(inProject('next-env.d.ts')) || !existsSync(inProject('app'))) return
  await runCommand(process.execPath, [inProject('node_modules/next/dist/bin/next'), 'typegen'])
}
