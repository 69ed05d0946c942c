/** The parts of a running gateway, put together in the order in which they are needed. */

import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { GrantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { durationMs } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { traced } from '@/lib/tracing/traced'
import type { GatewayConfig } from './config'
import { BookDesk } from './book/book-desk'
import { openBookStore } from './book/book-store'
import { DashboardServer } from './dashboard/dashboard-server'
import { ChargerServer } from './door/charger-server'
import { Counter } from './door/counter'
import { Door } from '@/lib/roads/door/door'
import { TrustBook } from '@/lib/roads/door/trust-book'
import type { GatewayIdentity } from './identity'
import type { Log } from './log'
import { openParcelStore } from './store/parcel-store'
import { systemClock, systemRandom, systemTimers } from './system'
import { Forwarder } from './uplink/forwarder'
import { parcelPost, type PostParcel } from './uplink/post-parcel'

export const version = '0.1.0'

const tracedPost =
  (post: PostParcel): PostParcel =>
  (bytes, id) =>
    traced(
      'forward',
      { 'outpost.bytes': bytes.length },
      () => post(bytes, id),
      ({ kind }) => ({ 'outpost.outcome': kind }),
    )

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
  const store = openOrPutAside(config.dataFolder, 'parcels.db', openParcelStore, log)
  const bookStore = openOrPutAside(config.dataFolder, 'book.db', openBookStore, log)
  const forwarder = new Forwarder({
    ...{ store, clock, random, timers, log, bytesPerDayMax: uplink.bytesPerDayMax },
    post: tracedPost(parcelPost(cloud.origin, durationMs(uplink.timeoutS * 1_000))),
  })
  const trust = new TrustBook(cloud.root, store, verifyWithNode)
  const shelfLimits = { ...config.store, chargerCountMax: limits.gatewayParcelsPerChargerMax }
  const counter = new Counter({ store, forwarder, clock, shelfLimits, log })
  const book = new BookDesk({
    ...{ site, store: bookStore, trust, verify: verifyWithNode, random, timers, log },
    chargers: config.reserve?.chargers,
  })
  const isRevoked = (serial: GrantSerial): boolean => book.isRevoked(serial)
  const door = new Door({ site, pin: identity.pin, trust, verify: verifyWithNode, isRevoked, clock, random })
  const chargers = new ChargerServer({ identity, door, counter, book, store, clock, log })
  const facts = { site, version, pin: identity.pin, storeBytesMax: config.store.bytesMax }
  const dashboard = new DashboardServer({
    sources: { store, forwarder, book, facts },
    counts: () => ({ ...forwarder.counts, ...counter.counts, ...chargers.counts, ...book.counts }),
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
      book.stop()
      await forwarder.stop()
      store.close()
      bookStore.close()
    },
  }
}

/** A store that cannot be read is put aside: the chargers still have everything, and hand it over again. */
function openOrPutAside<T>(folder: string, name: string, open: (path: string) => T, log: Log): T {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  try {
    return open(path)
  } catch (error) {
    log('store-failed', { file: name, detail: String(error) })
    for (const end of ['', '-wal', '-shm']) {
      rmSync(`${path}${end}.damaged`, { force: true })
      try {
        renameSync(`${path}${end}`, `${path}${end}.damaged`)
      } catch {
        // It was not there.
      }
    }
    return open(path)
  }
}
