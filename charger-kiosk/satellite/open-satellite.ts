/** The satellite road of a controller, where its configuration names a modem. */

import { join } from 'node:path'
import type { EpochSeconds } from '@/lib/core/units'
import { unsealShared } from '@/lib/crypto/hpke'
import type { RoadTerms } from '@/lib/sync/road-budget'
import type { LetterPost } from '../controller/letter-post'
import type { Log } from '../log/log-writer'
import { systemClock, systemRandom, systemTimers } from '../system'
import { spentFiles } from '../uplinks/spent-files'
import { openLine } from './open-line'
import type { SatelliteSettings } from './plan'
import { SatelliteLoop } from './satellite-loop'
import { sbdModem } from './sbd-modem'

export interface SatelliteConfig {
  /** `/dev/ttyUSB0`, or `tcp://host:port`. */
  readonly address: string
  readonly baud: number
  readonly settings: SatelliteSettings
  readonly terms: RoadTerms
}

export function openSatellite(
  { address, baud, settings, terms }: SatelliteConfig,
  parts: {
    readonly post: LetterPost
    readonly dataFolder: string
    readonly heardS: () => EpochSeconds | undefined
    readonly log: Log
  },
): SatelliteLoop {
  return new SatelliteLoop({
    ...{ post: parts.post, heardS: parts.heardS, log: parts.log, settings, terms },
    modem: sbdModem(openLine(address, baud), settings.messageBytesMax),
    book: spentFiles(join(parts.dataFolder, 'satellite')),
    open: unsealShared,
    ...{ clock: systemClock, timers: systemTimers, random: systemRandom },
  })
}
