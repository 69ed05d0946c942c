/** What every message handler is given, and what it gives back. */

import type { Result } from '@/lib/core/result'
import type { ChargePointIdentity } from './ids'
import type { ChargerHandlers, IncidentKind, RawPayload } from './port'
import type { TimeFrame } from './reported-time'

export interface MessageContext {
  readonly identity: ChargePointIdentity
  readonly frame: TimeFrame
  readonly handlers: ChargerHandlers
  readonly heartbeatIntervalS: number
  /** Reports an incident about the message at hand, in its place among the events. */
  report(kind: IncidentKind, detail: string): Promise<void>
  /** The charger started afresh and has lost whatever it was told before. */
  restarted(): void
}

/** Payload of a CALLRESULT. */
export type Answer = Readonly<Record<string, unknown>>

/** A refusal becomes a CALLERROR, which ends the matter for messages that are not about transactions. */
export type Answered = Result<Answer, string>

export interface Route {
  /**
   * True for messages that chargers keep and retry until they are acknowledged. They are never refused, and an
   * identical repeat gets the first answer without reaching the handlers again.
   */
  readonly retried: boolean
  handle(payload: RawPayload, context: MessageContext): Promise<Answered>
}
