/** The one cloud of this server process: opened at start, shared by every route, with the reconcile worker beside it. */

import { environmentNames, readCloudConfig } from './config'
import type { Cloud } from './context'
import { migrateDatabase } from './database/migrate'
import { databaseUrlOf, establish, openCloud } from './open-cloud'
import { startWorker } from './worker'

interface Running {
  readonly cloud: Cloud
  stop(): Promise<void>
}

/** Routes and start-up code are bundled apart; the process has one global object. */
const slot = Symbol.for('outpost.running-cloud')
type Global = typeof globalThis & { [slot]?: Promise<Running> }

/** Opens at the first call. A failure is not remembered: the database may come up later. */
export async function runningCloud(): Promise<Cloud> {
  const shared = globalThis as Global
  shared[slot] ??= open().catch((error: unknown) => {
    delete shared[slot]
    throw error
  })
  return (await shared[slot]).cloud
}

/** Ends the worker after the piece in hand and closes the connections. */
export async function stopRunningCloud(): Promise<void> {
  const shared = globalThis as Global
  const running = shared[slot]
  delete shared[slot]
  await (await running)?.stop()
}

async function open(): Promise<Running> {
  const config = readCloudConfig(process.env)
  const url = databaseUrlOf(config, process.env)
  await migrateDatabase(process.env[environmentNames.databaseAdminUrl] ?? url)
  const { cloud, close } = await openCloud(config, url)
  try {
    await establish(cloud)
  } catch (error) {
    await close()
    throw error
  }
  const worker = config.runsWorker ? startWorker(cloud, url) : undefined
  return {
    cloud,
    stop: async () => {
      await worker?.stop()
      await close()
    },
  }
}
