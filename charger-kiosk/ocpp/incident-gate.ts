/** Lets a bounded number of incidents through in a minute and counts the rest, so that garbage cannot fill a journal. */

import type { Clock } from '@/lib/core/clock'

const windowMs = 60_000
const detailCharsMax = 300

export class IncidentGate {
  readonly #clock: Clock
  readonly #perMinuteMax: number
  #windowStartMs = 0
  #passed = 0
  #withheld = 0

  constructor(clock: Clock, perMinuteMax: number) {
    this.#clock = clock
    this.#perMinuteMax = perMinuteMax
    this.#windowStartMs = clock.monotonicMs()
  }

  /** The detail to report, cut to size, or undefined when this incident is only counted. */
  pass(detail: string): string | undefined {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs - this.#windowStartMs >= windowMs) {
      this.#windowStartMs = nowMs
      this.#passed = 0
    }
    if (this.#passed >= this.#perMinuteMax) {
      this.#withheld += 1
      return undefined
    }
    this.#passed += 1
    const suffix = this.#withheld === 0 ? '' : ` (${this.#withheld} more were not reported)`
    this.#withheld = 0
    return detail.slice(0, detailCharsMax - suffix.length) + suffix
  }
}
