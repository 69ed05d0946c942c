/** A satellite modem as the controller sees it: one short message each way at a time. */

import type { Bytes } from '@/lib/core/bytes'
import type { Result } from '@/lib/core/result'

export interface Exchanged {
  /** What waited for this charger, if anything did. */
  readonly received: Bytes | undefined
  /** Messages that still wait on the other side. */
  readonly waiting: number
}

/**
 * `silent`: the modem does not answer; `no-signal`: it sees no satellite; `not-sent`: the satellite did not take the
 * message, and whether it was, nobody knows; `too-large`.
 */
export type ModemFaultCause = 'silent' | 'no-signal' | 'not-sent' | 'too-large'

export interface ModemFault {
  readonly cause: ModemFaultCause
  /** For the charger's log. */
  readonly detail: string
}

export interface SatelliteModem {
  /** Sends a message, or only asks for one. Once at a time; takes up to two minutes. */
  exchange(message: Bytes | undefined): Promise<Result<Exchanged, ModemFault>>
  close(): void
}
