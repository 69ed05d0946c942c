/**
 * The gateway as a process: `node dist/gateway/main.mjs --config outpost-gateway.json`. With `--pin` it only says what
 * chargers are to be told. Ends with code 0 on SIGTERM and SIGINT, with code 1 and plain sentences when it cannot go on.
 */

import { readFileSync } from 'node:fs'
import { startTracing } from '@/lib/tracing/start-tracing'
import { loadGatewayConfig } from './config'
import { startGateway, version } from './gateway'
import { openIdentity } from './identity'
import { printedLog } from './log'
import { systemClock } from './system'

const usage = `Usage: npm run gateway -- --config <file> [--pin]
The file may also be named by OUTPOST_GATEWAY_CONFIG. docs/gateway.md says what stands in it.`

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** In a file of its own, which a supervisor can hand over (systemd: LoadCredential). */
function passphraseIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const text = readFileSync(file, 'utf8').trim()
  return text.length >= passphraseCharsMin
    ? text
    : fail(`${file} must hold a passphrase of at least ${passphraseCharsMin} characters.`)
}

const passphraseCharsMin = 12

async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf('--config')
  const path = at < 0 ? process.env['OUTPOST_GATEWAY_CONFIG'] : args[at + 1]
  const unknown = args.filter(
    (one, index) => one !== '--pin' && one !== '--config' && (at < 0 || index !== at + 1),
  )
  if (path === undefined || unknown.length > 0) return fail(usage)
  const config = loadGatewayConfig(path)
  if (!config.ok) return fail(config.error.join('\n'))
  const { dataFolder, keys } = config.value
  const identity = openIdentity(dataFolder, systemClock.nowS(), passphraseIn(keys.passphraseFile))
  if (args.includes('--pin')) return void process.stdout.write(`${identity.pin}\n`)
  const log = printedLog(
    () => new Date(),
    (line) => process.stdout.write(line),
  )
  await startTracing({ service: 'outpost-gateway', version }, process.env)
  const gateway = await startGateway(config.value, identity, log)
  const { chargersPort, dashboardPort } = gateway
  log('ready', { chargersPort, dashboardPort, pin: identity.pin })
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await gateway.close()
    log('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

main(process.argv.slice(2)).catch((error: unknown) =>
  fail(`The gateway cannot go on: ${error instanceof Error ? error.message : String(error)}`),
)
