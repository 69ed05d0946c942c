/** Small words in which the phases of the session machine are written. */

import type { SessionId } from '@/lib/core/ids'
import { incidentDetail, type JournalEvent } from '@/lib/protocol/journal-event'
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

export const incident = (what: string, detail: string, sessionId: SessionId, now: Now): JournalEvent => ({
  kind: 'incident',
  timeS: now.timeS,
  what,
  detail: incidentDetail(detail),
  sessionId,
})
