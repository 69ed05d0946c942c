/** Challenges that this charger has shown: each is answered once, within minutes. */

import type { MessageHash } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import type { Challenge } from '../controller/technician-post'

/** Long enough to unlock a phone and find the page, short enough that a photograph is worthless. */
export const challengeLifeMs = 300_000
/** Somebody who presses again and again replaces the oldest. */
const openMax = 4
const usedMax = 32

interface Open extends Challenge {
  readonly endsMs: number
}

export class ChallengeBook {
  #open: readonly Open[] = []
  #used: readonly MessageHash[] = []

  add(challenge: Challenge, nowMs: number): void {
    this.#open = [...this.#open.slice(1 - openMax), { ...challenge, endsMs: nowMs + challengeLifeMs }]
  }

  find(hash: MessageHash, nowMs: number): Result<Challenge, 'technician.stale' | 'technician.used'> {
    if (this.#used.includes(hash)) return err('technician.used')
    const found = this.#open.find((one) => one.hash === hash)
    return found !== undefined && nowMs < found.endsMs ? ok(found) : err('technician.stale')
  }

  /** Answered: it opens nothing again, and neither do the others that were shown. */
  use(hash: MessageHash): void {
    this.#open = []
    this.#used = [...this.#used, hash].slice(-usedMax)
  }
}
