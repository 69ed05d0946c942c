/** The controller's sense of time: the wall clock under its floor, and the timer that never goes back. */

import type { Clock } from '@/lib/core/clock'
import { ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import {
  hasJumped,
  trustedTime,
  withIssuerTime,
  withJump,
  withPassedTime,
  type ClockFloor,
} from '../session/clock-floor'
import type { Now } from '../session/connector-state'
import { metaKeys, rows, type KioskTable } from '../session/records'

export class Timekeeper {
  readonly #clock: Clock
  #floor: ClockFloor
  #checked: { readonly wallS: number; readonly monotonicMs: number }

  private constructor(clock: Clock, floor: ClockFloor) {
    this.#clock = clock
    this.#floor = floor
    this.#checked = this.#reading()
  }

  static open(
    journal: Journal<KioskTable>,
    clock: Clock,
    buildTimeS: EpochSeconds,
  ): Result<Timekeeper, JournalFault> {
    const row = journal.get('meta', metaKeys.clock)
    if (!row.ok) return row
    const stored = row.value === undefined ? undefined : rows.clock.decode(row.value)
    // A floor that cannot be read is worth no more than the one that every build brings along.
    const last = stored?.ok === true ? stored.value : { floorS: buildTimeS }
    const floorS = last.floorS > buildTimeS ? last.floorS : buildTimeS
    return ok(new Timekeeper(clock, { floorS, agreedAtS: last.agreedAtS }))
  }

  now(): Now {
    const { nowS, quality } = trustedTime(this.#floor, this.#clock.nowS())
    return { timeS: nowS, clockQuality: quality, monotonicMs: this.#clock.monotonicMs() }
  }

  heardIssuer(issuedAtS: EpochSeconds, fresh: boolean): void {
    this.#floor = withIssuerTime(this.#floor, issuedAtS, this.#clock.nowS(), fresh)
  }

  /** Carries the floor up. Returns seconds by which the wall clock jumped since the last call, or 0. */
  pass(): number {
    const reading = this.#reading()
    const wallElapsedS = reading.wallS - this.#checked.wallS
    const monotonicElapsedMs = reading.monotonicMs - this.#checked.monotonicMs
    this.#checked = reading
    const jumped = hasJumped(wallElapsedS, monotonicElapsedMs)
    this.#floor = jumped ? withJump(this.#floor) : withPassedTime(this.#floor, this.#clock.nowS())
    return jumped ? Math.round(wallElapsedS - monotonicElapsedMs / 1_000) : 0
  }

  /** To be stored beside whatever is written next. */
  write(): ProjectionWrite<KioskTable> {
    const { floorS, agreedAtS } = this.#floor
    const row = agreedAtS === undefined ? { floorS } : { floorS, agreedAtS }
    return { table: 'meta', key: metaKeys.clock, value: rows.clock.encode(row) }
  }

  #reading(): { wallS: number; monotonicMs: number } {
    return { wallS: this.#clock.nowS(), monotonicMs: this.#clock.monotonicMs() }
  }
}
