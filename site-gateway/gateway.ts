/** The parts of a running gateway, put together in the order in which they are needed. */

import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '@/lib/core/limits'
import { durationMs } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { GatewayConfig } from './config'
import { DashboardServer } from './dashboard/dashboard-server'
import { ChargerServer } from './door/charger-server'
import { Counter } from './door/counter'
import { Door } from './door/door'
import { TrustBook } from './door/trust-book'
import type { GatewayIdentity } from './identity'
import type { Log } from './log'
import { openParcelStore, type ParcelStore } from './store/parcel-store'
import { systemClock, systemRandom, systemTimers } from './system'
import { Forwarder } from './uplink/forwarder'
import { parcelPost } from './uplink/post-parcel'

export const version = '0.1.0'

export interface Gateway {
  readonly chargersPort: number
  readonly dashboardPort: number
  close(): Promise<void>
}

/** Rejects where a port is taken or the disk cannot be used at all. */
export async function startGateway(
  config: GatewayConfig,
  identity: GatewayIdentity,
  log: Log,
): Promise<Gateway> {
  const { site, cloud, uplink } = config
  const [clock, random, timers] = [systemClock, systemRandom, systemTimers]
  const store = openStore(config.dataFolder, log)
  const forwarder = new Forwarder({
    ...{ store, clock, random, timers, log, bytesPerDayMax: uplink.bytesPerDayMax },
    post: parcelPost(cloud.origin, durationMs(uplink.timeoutS * 1_000)),
  })
  const trust = new TrustBook(cloud.root, store, verifyWithNode)
  const door = new Door({ site, pin: identity.pin, trust, verify: verifyWithNode, clock, random })
  const shelfLimits = { ...config.store, chargerCountMax: limits.gatewayParcelsPerChargerMax }
  const counter = new Counter({ store, forwarder, clock, shelfLimits, log })
  const chargers = new ChargerServer({ identity, door, counter, store, clock, log })
  const facts = { site, version, pin: identity.pin, storeBytesMax: config.store.bytesMax }
  const dashboard = new DashboardServer({
    sources: { store, forwarder, facts },
    counts: () => ({ ...forwarder.counts, ...counter.counts, ...chargers.counts }),
    nowS: () => clock.nowS(),
  })
  const chargersPort = await chargers.listen(config.chargers.host, config.chargers.port)
  const dashboardPort = await dashboard.listen(config.dashboard.host, config.dashboard.port)
  forwarder.start()
  return {
    chargersPort,
    dashboardPort,
    close: async () => {
      await Promise.all([chargers.close(), dashboard.close()])
      await forwarder.stop()
      store.close()
    },
  }
}

/** A store that cannot be read is put aside: the chargers still have everything, and hand it over again. */
function openStore(folder: string, log: Log): ParcelStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'parcels.db')
  try {
    return openParcelStore(path)
  } catch (error) {
    log('store-failed', { detail: String(error) })
    for (const end of ['', '-wal', '-shm']) {
      rmSync(`${path}${end}.damaged`, { force: true })
      try {
        renameSync(`${path}${end}`, `${path}${end}.damaged`)
      } catch {
        // It was not there.
      }
    }
    return openParcelStore(path)
  }
}
