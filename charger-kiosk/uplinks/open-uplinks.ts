/** The charger's own road: by whichever way the system takes, or by the uplinks that the configuration names. */

import { join } from 'node:path'
import type { Clock, Random, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { httpsRoad } from '@/lib/roads/https-road'
import type { Road } from '@/lib/roads/road'
import { UplinksRoad, type Uplink } from '@/lib/roads/uplinks-road'
import type { UplinkTerms } from '@/lib/sync/uplink-choice'
import { boundPost } from './bound-post'
import { modemSignal, SignalWatch, wifiSignal } from './signal'
import { spentFiles } from './spent-files'

export interface UplinkConfig {
  readonly terms: UplinkTerms
  readonly localAddress: string | undefined
  /** Whose signal is asked for. */
  readonly radio?: { readonly kind: 'wifi' | 'cellular'; readonly interface: string }
}

const signalReader = { wifi: wifiSignal, cellular: modemSignal } as const

const timeoutMs = durationMs(10_000)

export const plainRoad = (origin: string): Road => httpsRoad({ origin, timeoutMs })

/** Undefined where the configuration names none. */
export const openUplinks = (
  config: {
    readonly cloudOrigin: string
    readonly uplinks: readonly UplinkConfig[] | undefined
    readonly dataFolder: string
  },
  ports: { readonly clock: Clock; readonly random: Random; readonly timers: Timers },
): UplinksRoad | undefined =>
  config.uplinks &&
  new UplinksRoad({
    uplinks: config.uplinks.map((uplink) => boundUplink(config.cloudOrigin, uplink, ports)),
    book: spentFiles(join(config.dataFolder, 'uplinks')),
    ...ports,
  })

function boundUplink(
  origin: string,
  { terms, localAddress, radio }: UplinkConfig,
  ports: { readonly clock: Clock; readonly timers: Timers },
): Uplink {
  const watch = radio && new SignalWatch(signalReader[radio.kind](radio.interface), ports)
  void watch?.start()
  return {
    terms,
    ...(watch === undefined ? {} : { signal: () => watch.percent }),
    send: async (bundle) => {
      const { post, crossed } = boundPost(localAddress)
      const answer = await httpsRoad({ origin, timeoutMs, post }).send(bundle)
      return { answer, crossed: crossed() }
    },
  }
}
