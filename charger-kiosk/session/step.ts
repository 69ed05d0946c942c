/** Small words in which the phases of the session machine are written. */

import type { Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { incidentDetail, type JournalEvent } from '@/lib/protocol/journal-event'
import type { StopReason } from '@/lib/protocol/messages/receipt'
import type { ConnectorState, Now, Phase, Step } from './connector-state'

export const only = (state: ConnectorState): Step => ({ state, journal: [], effects: [] })

export const withPhase = (state: ConnectorState, phase: Phase): ConnectorState => ({ ...state, phase })

/** Appends what another step adds to this one. */
export const andThen = (first: Step, next: (state: ConnectorState) => Step): Step => {
  const second = next(first.state)
  return {
    state: second.state,
    journal: [...first.journal, ...second.journal],
    effects: [...first.effects, ...second.effects],
  }
}

/** @param stop the wallet's signed stop, where it was that. */
export const stoppingEvent = (
  sessionId: SessionId,
  stopReason: StopReason,
  now: Now,
  stop?: Bytes,
): JournalEvent => ({
  kind: 'stopping',
  timeS: now.timeS,
  sessionId,
  stopReason,
  ...(stop === undefined ? {} : { stop }),
})

export const incident = (what: string, detail: string, sessionId: SessionId, now: Now): JournalEvent => ({
  kind: 'incident',
  timeS: now.timeS,
  what,
  detail: incidentDetail(detail),
  sessionId,
})
