/** How much strangers may ask by radio: buckets that fill with time. Pure but for what they count; time comes from the caller. */

/** Bytes (or acts) that may be spent at once, and how many a second come back. */
export class Allowance {
  readonly #most: number
  readonly #perSecond: number
  #left: number
  #asOfMs: number

  constructor(most: number, perSecond: number, nowMs: number) {
    this.#most = most
    this.#perSecond = perSecond
    this.#left = most
    this.#asOfMs = nowMs
  }

  /** False, and nothing is taken, when it is not there. */
  take(amount: number, nowMs: number): boolean {
    if (!this.has(amount, nowMs)) return false
    this.#left -= amount
    return true
  }

  has(amount: number, nowMs: number): boolean {
    this.#left = Math.min(this.#most, this.#left + ((nowMs - this.#asOfMs) / 1_000) * this.#perSecond)
    this.#asOfMs = nowMs
    return amount <= this.#left
  }
}
