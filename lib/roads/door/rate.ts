/** How often somebody may ask, and for how much: buckets that fill with time. Pure but for what it remembers. */

import type { DurationMs } from '@/lib/core/units'

export interface RateLimits {
  readonly perSecond: number
  /** What may come at once after a pause. */
  readonly burst: number
  /** Names that are remembered; the longest unseen is forgotten, and starts with a full bucket. */
  readonly namesMax: number
}

export class Buckets {
  readonly #limits: RateLimits
  readonly #levels = new Map<string, { readonly level: number; readonly atMs: number }>()

  constructor(limits: RateLimits) {
    this.#limits = limits
  }

  /** Takes `amount` out of this name's bucket; false where there is not enough in it. */
  take(name: string, amount: number, nowMs: DurationMs): boolean {
    const { perSecond, burst, namesMax } = this.#limits
    const { level, atMs } = this.#levels.get(name) ?? { level: burst, atMs: nowMs }
    const filled = Math.min(burst, level + ((nowMs - atMs) / 1_000) * perSecond)
    const isEnough = filled >= amount
    this.#levels.delete(name)
    this.#levels.set(name, { level: isEnough ? filled - amount : filled, atMs: nowMs })
    const [longestUnseen] = this.#levels.keys()
    if (this.#levels.size > namesMax && longestUnseen !== undefined) this.#levels.delete(longestUnseen)
    return isEnough
  }
}
