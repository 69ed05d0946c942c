// `npm start`: from a fresh clone to a running Outpost, or one plain sentence that says why not.
import { checkNodeVersion } from './setup/node-version.mjs'

const complaint = checkNodeVersion(process.versions.node)
if (complaint === undefined) {
  const { startEverything } = await import('./start/start-everything.mjs')
  process.exitCode = await startEverything({ once: process.argv.includes('--once') })
} else {
  console.error(complaint)
  process.exitCode = 1
}
