/** The one cloud of this server process: opened at start, shared by every route, with the reconcile worker beside it. */

import { environmentNames, readCloudConfig } from './config'
import type { Cloud } from './context'
import { migrateDatabase } from './database/migrate'
import { databaseUrlOf, establish, openCloud } from './open-cloud'
import { startWorker } from './worker'

/** Routes and start-up code are bundled apart; the process has one global object. */
const slot = Symbol.for('outpost.running-cloud')
type Global = typeof globalThis & { [slot]?: Promise<Cloud> }

/** Opens at the first call. A failure is not remembered: the database may come up later. */
export function runningCloud(): Promise<Cloud> {
  const shared = globalThis as Global
  shared[slot] ??= open().catch((error: unknown) => {
    delete shared[slot]
    throw error
  })
  return shared[slot]
}

async function open(): Promise<Cloud> {
  const config = readCloudConfig(process.env)
  const url = databaseUrlOf(config, process.env)
  await migrateDatabase(process.env[environmentNames.databaseAdminUrl] ?? url)
  const { cloud } = await openCloud(config, url)
  await establish(cloud)
  if (config.runsWorker) startWorker(cloud)
  return cloud
}
