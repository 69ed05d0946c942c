/** How patient the session machine is, and why. */

import { durationMs } from '@/lib/core/units'
import { safeLimits } from '../safety/safety-limits'
import type { MachineSettings } from './connector-state'

export const standardSettings: MachineSettings = {
  // Vehicles take up to half a minute to agree on a start; after a minute nobody waits any more.
  startTimeoutMs: durationMs(60_000),
  stopTimeoutMs: durationMs(60_000),
  unplugGraceMs: durationMs(15_000),
  stopAgainMs: durationMs(15_000),
  // A charger boots more slowly than its controller.
  recoveryMs: durationMs(300_000),
  lossGraceMs: durationMs(30_000),
  // Rule of money 8: elapsed time is journaled every 10 s. A little less, so that a reading every 10 s always counts.
  meteredEveryMs: durationMs(9_500),
  staleAfterMs: durationMs(45_000),
  holdLeadMs: durationMs(12_000),
  safety: safeLimits,
  safetyOfBays: new Map(),
  codeShownMs: durationMs(60_000),
  refusalShownMs: durationMs(20_000),
  receiptShownMs: durationMs(300_000),
}
