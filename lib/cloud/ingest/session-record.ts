/** A session's record before anything is known, and how records name the events of logs. */

import type { SessionId } from '@/lib/core/ids'
import { noDecisions } from './settle'
import { logName, type LoggedEvent, type SessionRecord } from './store'

const nothingKnown: Omit<SessionRecord, 'sessionId'> = {
  ...{ serial: null, owner: null, seq: null, previousHash: null, grossMinor: null, holdMinor: null },
  ...{ currency: null, authorizedAtS: null, chargerId: null, siteLabel: null, bayLabel: null },
  ...{ state: 'orphan', holdState: 'none', postedMinor: null, postedTaxMinor: 0, disputedMinor: 0 },
  ...{ disputeReference: null, energyWh: null, byPhone: false, byCharger: false, logged: [] },
  ...{ decisions: noDecisions, isForgotten: false, receiptCounter: null, offerExpiresAtS: null },
}

export const orphanSession = (id: SessionId): SessionRecord => ({ sessionId: id, ...nothingKnown })

export const eventName = (event: LoggedEvent): string => `${logName(event)} ${event.seq}`

export const isSameEvent = (left: LoggedEvent, right: LoggedEvent): boolean =>
  left === right || (left.seq === right.seq && left.epoch === right.epoch && left.device === right.device)

/** Reads back what `eventName` wrote. */
export function parseEventName(text: string): LoggedEvent {
  const [device = '', epoch, seq] = text.split(' ')
  return { device, epoch: Number(epoch), seq: Number(seq) }
}
