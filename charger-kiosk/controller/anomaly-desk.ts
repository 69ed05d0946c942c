/** Remembers what anomalies are made of, and says each once; whoever asks writes the line. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { DurationMs } from '@/lib/core/units'
import { noDeclines, noteDecline, tamperAnomaly, type Anomaly, type DeclineBook } from '../safety/anomalies'

/** A charger that says the same with every status says it here once an hour. */
const tamperAgainMs = 3_600_000

export class AnomalyDesk {
  #declines: DeclineBook = noDeclines
  readonly #tamperToldAtMs = new Map<string, number>()

  /** A signed decline was given to the wallet that holds this grant. */
  declined(serial: string, code: ReasonCode, nowMs: DurationMs): Anomaly | undefined {
    const { book, anomaly } = noteDecline(this.#declines, serial, code, nowMs)
    this.#declines = book
    return anomaly
  }

  /** @param identity of a charger that is known here, so that the memory is bounded by the configuration */
  heardStatus(
    identity: string,
    texts: readonly (string | undefined)[],
    nowMs: DurationMs,
  ): Anomaly | undefined {
    const anomaly = tamperAnomaly(texts, identity)
    const toldAtMs = this.#tamperToldAtMs.get(identity)
    if (anomaly === undefined || (toldAtMs !== undefined && nowMs - toldAtMs < tamperAgainMs))
      return undefined
    this.#tamperToldAtMs.set(identity, nowMs)
    return anomaly
  }
}
