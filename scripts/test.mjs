// `npm test`: installs what is missing, builds, and runs every check and every test. Ends with one plain line of counts.
import { checkNodeVersion } from './setup/node-version.mjs'

const complaint = checkNodeVersion(process.versions.node)
if (complaint === undefined) {
  const { testEverything } = await import('./test/test-everything.mjs')
  process.exitCode = await testEverything()
} else {
  console.error(complaint)
  process.exitCode = 1
}
