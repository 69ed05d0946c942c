/** Counts fleets' days for as long as the worker runs. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Cloud } from '../context'
import { countFleetDays } from './count-days'

const pauseMs = 5_000

export async function runCounts(cloud: Cloud, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await countFleetDays(cloud)
    } catch (error) {
      process.stderr.write(`counts: ${error instanceof Error ? error.message : String(error)}\n`)
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
