// Runs TypeScript without a build, from a fresh clone too: checks Node, installs what is missing, and says plainly what
// is wrong. Progress goes to standard error, because such scripts print their result on standard output.
import { installPackages } from './install-packages.mjs'
import { checkNodeVersion } from './node-version.mjs'
import { createProgress } from './progress.mjs'
import { reportFailure } from './report-failure.mjs'
import { projectRoot } from './root.mjs'

/**
 * @param {() => Promise<number>} main imports the TypeScript when it is called; gives the exit code
 * @returns {Promise<number>} the exit code
 */
export async function runTypeScript(main) {
  const complaint = checkNodeVersion(process.versions.node)
  if (complaint !== undefined) {
    console.error(complaint)
    return 1
  }
  try {
    await installPackages(createProgress(process.stderr))
    // Where tsconfig.json is found, and the folder beside the project that real traces lie in.
    process.chdir(projectRoot)
    const { register } = await import('tsx/esm/api')
    register()
    return await main()
  } catch (failure) {
    return reportFailure(failure)
  }
}
