/**
 * What strangers can make this charger write: signed declines, and lines about news that nobody signed. Each is bounded
 * until the issuer has taken in the log; beyond that they are refused without a trace, but for a count.
 */

import { limits } from '@/lib/core/limits'

export class Allowance {
  #pinned = 0
  #refusedNews = 0
  #unreported = 0

  get mayPin(): boolean {
    return this.#pinned < limits.pinnedDeclinesMax
  }

  pinned(): void {
    this.#pinned += 1
  }

  /** The line to journal, or undefined when the refusal is only counted. */
  refusedNews(why: string): string | undefined {
    if (this.#refusedNews >= limits.refusedNewsMax) {
      this.#unreported += 1
      return undefined
    }
    this.#refusedNews += 1
    const suffix = this.#unreported === 0 ? '' : ` (${this.#unreported} more were not reported)`
    this.#unreported = 0
    return why + suffix
  }

  /** The issuer has the log: strangers may try again. */
  renew(): void {
    this.#pinned = 0
    this.#refusedNews = 0
  }
}
