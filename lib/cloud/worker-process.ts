/** `npm run worker`: a process that only reconciles. Start as many as there are cores to spare. */

import { environmentNames, readCloudConfig } from './config'
import { databaseUrlOf, openCloud } from './open-cloud'
import { startTracing } from '@/lib/tracing/start-tracing'
import packageJson from '@/package.json'
import { startWorker } from './worker'

try {
  const config = readCloudConfig(process.env)
  const tracing = await startTracing({ service: 'outpost-worker', version: packageJson.version }, process.env)
  const url = databaseUrlOf(config, process.env)
  const { cloud, close } = await openCloud(config, url)
  const worker = startWorker(cloud, url)
  process.stdout.write('The worker reconciles.\n')
  const end = (): void => void worker.stop().then(close).then(tracing.stop)
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
} catch (error) {
  const why = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `The worker cannot start: ${why} (${environmentNames.databaseUrl} names the database)\n`,
  )
  process.exitCode = 1
}
