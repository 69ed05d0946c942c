/** The controller's sense of time: the wall clock under its floor, and the timer that never goes back. */

import type { Clock } from '@/lib/core/clock'
import { ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import {
  agreementS,
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
  /** The wall clock is wrong by more than it may be: the issuer's time for a nonce of ours, carried on by the timer. */
  #correction: { readonly timeS: EpochSeconds; readonly atMs: number } | undefined
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
    const { nowS, quality } = trustedTime(this.#floor, this.#wallS())
    return { timeS: nowS, clockQuality: quality, monotonicMs: this.#clock.monotonicMs() }
  }

  /** Time is certainly not before this, and no restart goes back behind it. */
  get floorS(): EpochSeconds {
    return this.#floor.floorS
  }

  /** When the wall clock last agreed with a fresh word of the issuer. */
  get agreedAtS(): EpochSeconds | undefined {
    return this.#floor.agreedAtS
  }

  heardIssuer(issuedAtS: EpochSeconds, fresh: boolean): void {
    const isWallRight = Math.abs(this.#clock.nowS() - issuedAtS) <= agreementS
    if (fresh && isWallRight) this.#correction = undefined
    this.#floor = withIssuerTime(this.#floor, issuedAtS, this.#wallS(), fresh)
  }

  /**
   * The issuer's time for a nonce that this run drew less than an offer's life ago, so that nobody can have kept it.
   * It may overrule the wall clock in both directions, until the power goes.
   */
  heardProvedTime(issuedAtS: EpochSeconds): void {
    const wallS = this.#clock.nowS()
    if (Math.abs(wallS - issuedAtS) <= agreementS) return this.heardIssuer(issuedAtS, true)
    const { floorS } = this.#floor
    const isFloorNear = floorS > issuedAtS && floorS - issuedAtS <= agreementS
    const timeS = isFloorNear ? floorS : issuedAtS
    this.#correction = { timeS, atMs: this.#clock.monotonicMs() }
    this.#floor = { floorS: floorS > timeS ? floorS : timeS, agreedAtS: timeS }
  }

  /** Carries the floor up. Returns seconds by which the wall clock jumped since the last call, or 0. */
  pass(): number {
    const reading = this.#reading()
    const wallElapsedS = reading.wallS - this.#checked.wallS
    const monotonicElapsedMs = reading.monotonicMs - this.#checked.monotonicMs
    this.#checked = reading
    const jumped = hasJumped(wallElapsedS, monotonicElapsedMs)
    // A corrected time rests on the timer; what the wall clock does then is worth a line and nothing else.
    this.#floor =
      jumped && this.#correction === undefined
        ? withJump(this.#floor)
        : withPassedTime(this.#floor, this.#wallS())
    return jumped ? Math.round(wallElapsedS - monotonicElapsedMs / 1_000) : 0
  }

  /** To be stored beside whatever is written next. */
  write(): ProjectionWrite<KioskTable> {
    const { floorS, agreedAtS } = this.#floor
    // The correction goes with the power; the wall clock that was wrong must not pass as right at the next boot.
    const isAgreed = agreedAtS !== undefined && this.#correction === undefined
    const row = isAgreed ? { floorS, agreedAtS } : { floorS }
    return { table: 'meta', key: metaKeys.clock, value: rows.clock.encode(row) }
  }

  #wallS(): EpochSeconds {
    const correction = this.#correction
    if (correction === undefined) return this.#clock.nowS()
    const passedS = Math.floor((this.#clock.monotonicMs() - correction.atMs) / 1_000)
    return epochSeconds(correction.timeS + passedS)
  }

  #reading(): { wallS: number; monotonicMs: number } {
    return { wallS: this.#clock.nowS(), monotonicMs: this.#clock.monotonicMs() }
  }
}
