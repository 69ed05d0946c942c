// `npm run build`: builds what is stale, as a product; `-- --demo` adds the demo page's cameras, as `npm start` does.
import { withBuildLock } from './build/build-lock.mjs'
import { isStale, runBuildStep } from './build/build-step.mjs'
import { stages } from './build/steps.mjs'
import { createProgress } from './setup/progress.mjs'
import { reportFailure } from './setup/report-failure.mjs'
import { inProject } from './setup/root.mjs'
import { isMain } from './setup/is-main.mjs'

/**
 * @param {import('./setup/progress.mjs').Progress} progress
 * @param {{ demo: boolean, only?: readonly string[] }} options `only`: names of the steps wanted; all without it
 */
export async function buildAll(progress, options) {
  await withBuildLock(inProject('node_modules/.cache/outpost/build.lock'), async () => {
    for (const stage of stages(options)) {
      const outcomes = await Promise.allSettled(
        stage
          .filter((step) => options.only?.includes(step.name) ?? true)
          .filter(isStale)
          .map((step) => runBuildStep(step, progress)),
      )
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    }
  })
}

if (isMain(import.meta.url)) {
  try {
    await buildAll(createProgress(), { demo: process.argv.includes('--demo') })
  } catch (failure) {
    process.exitCode = reportFailure(failure)
  }
}
