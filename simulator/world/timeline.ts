/**
 * The one time of a world. It stands still while anything is under way and moves from timer to timer. Every device
 * has a wall clock of its own, which may run wrong, and a monotonic timer, which does not.
 */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { durationMs, epochSeconds, type EpochSeconds } from '@/lib/core/units'

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

/** Nothing in a world is older. */
export const worldBeginsS = epochSeconds(1_790_000_000)

export class Timeline {
  #nowMs = 0
  readonly #timers = new Set<Timer>()

  get nowMs(): number {
    return this.#nowMs
  }

  /** The true time of day. */
  get nowS(): EpochSeconds {
    return epochSeconds(worldBeginsS + Math.floor(this.#nowMs / 1_000))
  }

  /** Runs every timer that falls due, in the order of its time, and waits after each until all is quiet again. */
  async advance(spanMs: number, settle: () => Promise<void>): Promise<void> {
    const endMs = this.#nowMs + spanMs
    for (let next = this.#firstUntil(endMs); next !== undefined; next = this.#firstUntil(endMs)) {
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
      await settle()
    }
    this.#nowMs = endMs
  }

  /** Nothing runs meanwhile: everything that has timers is switched off. */
  leap(spanMs: number): void {
    this.#nowMs += spanMs
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer: Timer = { atMs: this.#nowMs + delayMs, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Of those at the same time, the one that was set first. */
  #firstUntil(endMs: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (first === undefined || timer.atMs < first.atMs)) first = timer
    }
    return first
  }
}

/** A device's clock: `offsetS` says by how much its wall clock is wrong. */
export class DeviceClock implements Clock {
  readonly #timeline: Timeline
  offsetS = 0

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  nowS(): EpochSeconds {
    return epochSeconds(Math.max(0, this.#timeline.nowS + this.offsetS))
  }

  monotonicMs() {
    return durationMs(this.#timeline.nowMs)
  }
}

/** Timers of one life of a device: with the power they are gone, also those that a dead program would still set. */
export function timersOf(timeline: Timeline, isAlive: () => boolean): Timers {
  const whileAlive = (run: () => void) => (): void => {
    if (isAlive()) run()
  }
  return {
    after: (delayMs, run) => timeline.after(delayMs, whileAlive(run)),
    every(periodMs, run) {
      let cancel: CancelTimer = () => undefined
      const arm = (): void => {
        cancel = timeline.after(
          periodMs,
          whileAlive(() => {
            arm()
            run()
          }),
        )
      }
      arm()
      return () => cancel()
    },
  }
}
