// A hardware security module in software, for the tests of chargers' keys. Where it cannot be had they skip and say why.
import { existsSync } from 'node:fs'
import { logFilePath } from './root.mjs'
import { runCommand } from './run-command.mjs'

const isPresent = () =>
  ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].some(existsSync)

/**
 * Debian and its relatives, as root: the distribution's own package. Never fails.
 * @param {import('./progress.mjs').Progress} progress
 */
export async function ensureSoftHsm(progress) {
  if (isPresent() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const logFile = logFilePath('softhsm')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await progress.step('Installing SoftHSM for the tests of keys', async () => {
    const install = () =>
      runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'softhsm2'], { logFile, env })
    if ((await install()).exitCode === 0) return
    await runCommand('apt-get', ['update'], { logFile, env })
    await install()
  })
}
