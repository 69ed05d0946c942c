// What `npm start` does: install, build, then hand over to the part that runs the processes (scripts/start/run.ts).
import { pathToFileURL } from 'node:url'
import { buildAll } from '../build.mjs'
import { installPackages } from '../setup/install-packages.mjs'
import { createProgress } from '../setup/progress.mjs'
import { reportFailure } from '../setup/report-failure.mjs'
import { dataDirectory, inProject, projectRoot } from '../setup/root.mjs'

/**
 * @param {{ once: boolean }} options `once`: show one session in the terminal and end
 * @returns {Promise<number>} the exit code
 */
export async function startEverything({ once }) {
  const progress = createProgress()
  try {
    await installPackages(progress)
    await buildAll(progress, { demo: true })
    const { run } = await import(pathToFileURL(inProject('dist/scripts/run.mjs')).href)
    return await run({ once, progress, projectRoot, dataDirectory: dataDirectory() })
  } catch (failure) {
    return reportFailure(failure)
  }
}
