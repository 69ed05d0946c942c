/** Bays that were too hot shortly before a restart: a power cut cools nothing, so they go on waiting. */

import { durationMs, type DurationMs } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { hazardIncident } from '../safety/hazards'
import type { Now } from '../session/connector-state'
import type { SessionRow } from '../session/records'

const overheated = hazardIncident('overheated')

/**
 * @param events the last of the journal
 * @param coolDownMs of a bay
 * @returns until when on the monotonic timer, by bay. A clock that fell back makes the wait longer, but never longer than whole.
 */
export function coolingBays(
  events: readonly JournalEvent[],
  sessionRow: (sessionId: string) => SessionRow | undefined,
  now: Now,
  coolDownMs: (bay: number) => DurationMs,
): ReadonlyMap<number, DurationMs> {
  const cooling = new Map<number, DurationMs>()
  for (const event of events) {
    if (event.kind !== 'incident' || event.what !== overheated || event.sessionId === undefined) continue
    const row = sessionRow(event.sessionId)
    const offered = row === undefined ? undefined : parseMessage(offer, row.offer)
    if (offered?.ok !== true) continue
    const bay = offered.value.payload.connectorId
    const passedMs = Math.max(0, (now.timeS - event.timeS) * 1_000)
    const leftMs = coolDownMs(bay) - passedMs
    if (leftMs > 0) cooling.set(bay, durationMs(now.monotonicMs + leftMs))
  }
  return cooling
}
