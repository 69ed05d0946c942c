/** The charger's own road: by whichever way the system takes, or by the uplinks that the configuration names. */

import { join } from 'node:path'
import type { Clock, Random } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import { httpsRoad } from '@/lib/roads/https-road'
import type { Road } from '@/lib/roads/road'
import { UplinksRoad, type Uplink } from '@/lib/roads/uplinks-road'
import type { UplinkTerms } from '@/lib/sync/uplink-choice'
import { boundPost } from './bound-post'
import { spentFiles } from './spent-files'

export interface UplinkConfig {
  readonly terms: UplinkTerms
  readonly localAddress: string | undefined
}

const timeoutMs = durationMs(10_000)

export const plainRoad = (origin: string): Road => httpsRoad({ origin, timeoutMs })

/** Undefined where the configuration names none. */
export const openUplinks = (
  config: {
    readonly cloudOrigin: string
    readonly uplinks: readonly UplinkConfig[] | undefined
    readonly dataFolder: string
  },
  ports: { readonly clock: Clock; readonly random: Random },
): UplinksRoad | undefined =>
  config.uplinks &&
  new UplinksRoad({
    uplinks: config.uplinks.map((uplink) => boundUplink(config.cloudOrigin, uplink)),
    book: spentFiles(join(config.dataFolder, 'uplinks')),
    ...ports,
  })

function boundUplink(origin: string, { terms, localAddress }: UplinkConfig): Uplink {
  return {
    terms,
    send: async (bundle) => {
      const { post, crossed } = boundPost(localAddress)
      const answer = await httpsRoad({ origin, timeoutMs, post }).send(bundle)
      return { answer, crossed: crossed() }
    },
  }
}
