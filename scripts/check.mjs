// `npm run check`: the fast gate before a commit.
import { runChecks } from './check/run-checks.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { createProgress } from './setup/progress.mjs'
import { reportFailure } from './setup/report-failure.mjs'

try {
  const progress = createProgress()
  await installPackages(progress)
  const failed = await runChecks(progress, { withFastTests: true })
  process.exitCode = failed.length === 0 ? 0 : 1
} catch (failure) {
  process.exitCode = reportFailure(failure)
}
