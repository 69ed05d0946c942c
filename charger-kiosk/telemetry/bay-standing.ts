/** How a bay is, by the words of 23 CFR 680.116: up is online and available or in use. */

import type { BayStanding } from '@/lib/telemetry/uptime'
import type { BayFacts } from '../controller/technician-post'

/** @param status what its OCPP charger said last; undefined before it said anything */
export function bayStanding(
  { isTakenOut, hasSession, closedFor }: Pick<BayFacts, 'isTakenOut' | 'hasSession' | 'closedFor'>,
  isConnected: boolean,
  status: string | undefined,
): BayStanding {
  if (isTakenOut) return 'takenOut'
  if (!isConnected || status === undefined) return 'silent'
  if (status === 'Faulted' || status === 'Unavailable') return 'faulted'
  // A session that began before the papers ended goes on.
  return closedFor === undefined || hasSession ? 'up' : 'closed'
}
