/**
 * Time that jumps: from one timer to the next, as soon as everybody has done what was to be done at this one. Weeks
 * pass in seconds although sockets and databases are real. Actors are the scripts of a simulation; time stands still
 * while any of them does anything but sleep, or while a probe says that something is still under way.
 */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { durationMs, epochSeconds, type EpochSeconds } from '@/lib/core/units'

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly periodMs: number | undefined
  readonly run: () => void
}

/** Resolves at the given second of the simulated wall clock, or at once when that has passed. */
export type SleepUntil = (timeS: number) => Promise<void>

/** What is left to the event loop after the last probe went quiet: frames on loopback sockets, promises. */
const quietTurns = 6
/** Both ends of a loopback socket are in this process: what passes there is done within some turns of the event loop. */
const spinTurns = 64
/** Real time after which something that never goes quiet is a bug. */
const defaultPatienceMs = 30_000

export class VirtualTime {
  readonly #startS: EpochSeconds
  readonly #patienceMs: number
  readonly #timers = new Set<Timer>()
  readonly #probes = new Set<() => boolean>()
  #nowMs = 0
  #order = 0
  #awake = 0

  constructor(startS: EpochSeconds, patienceMs = defaultPatienceMs) {
    this.#startS = startS
    this.#patienceMs = patienceMs
  }

  readonly clock: Clock = {
    nowS: () => epochSeconds(this.#startS + Math.floor(this.#nowMs / 1_000)),
    monotonicMs: () => durationMs(this.#nowMs),
  }

  readonly timers: Timers = {
    after: (delayMs, run) => this.#add(delayMs, undefined, run),
    every: (periodMs, run) => this.#add(periodMs, Math.max(1, periodMs), run),
  }

  /** Time does not pass until `isQuiet` says true. Returns how to take the probe away again. */
  watch(isQuiet: () => boolean): () => void {
    this.#probes.add(isQuiet)
    return () => this.#probes.delete(isQuiet)
  }

  /** Runs the actors to their ends. Throws when all of them wait for something that no timer will bring. */
  async run(...actors: readonly ((sleepUntil: SleepUntil) => Promise<void>)[]): Promise<void> {
    let unfinished = actors.length
    this.#awake += actors.length
    const all = Promise.all(
      actors.map(async (actor) => {
        try {
          await actor(this.#sleepUntil)
        } finally {
          unfinished -= 1
          this.#awake -= 1
        }
      }),
    )
    // Without this a failing actor would be an unhandled rejection while the others still run.
    all.catch(() => undefined)
    for (;;) {
      await this.#settle()
      if (unfinished === 0) break
      this.#jump()
    }
    await all
  }

  /** Lets `spanMs` pass. */
  async advance(spanMs: number): Promise<void> {
    const untilMs = this.#nowMs + spanMs
    await this.#settle()
    while (this.#next() !== undefined && (this.#next()?.atMs ?? 0) <= untilMs) {
      this.#jump()
      await this.#settle()
    }
    this.#nowMs = untilMs
    await this.#settle()
  }

  readonly #sleepUntil: SleepUntil = (timeS) => {
    const delayMs = Math.max(0, (timeS - this.#startS) * 1_000 - this.#nowMs)
    this.#awake -= 1
    return new Promise((resolve) => {
      this.#add(delayMs, undefined, () => {
        this.#awake += 1
        resolve()
      })
    })
  }

  #add(delayMs: number, periodMs: number | undefined, run: () => void): CancelTimer {
    let timer: Timer = {
      atMs: this.#nowMs + delayMs,
      order: (this.#order += 1),
      periodMs,
      run: () => undefined,
    }
    const fire = (): void => {
      if (periodMs !== undefined) {
        timer = { ...timer, atMs: timer.atMs + periodMs }
        this.#timers.add(timer)
      }
      run()
    }
    timer = { ...timer, run: fire }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  #next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (
        first === undefined ||
        timer.atMs < first.atMs ||
        (timer.atMs === first.atMs && timer.order < first.order)
      ) {
        first = timer
      }
    }
    return first
  }

  #jump(): void {
    const timer = this.#next()
    if (timer === undefined)
      throw new Error('Simulated time stands still: every actor waits and no timer is set')
    this.#timers.delete(timer)
    this.#nowMs = Math.max(this.#nowMs, timer.atMs)
    timer.run()
  }

  async #settle(): Promise<void> {
    const deadline = performance.now() + this.#patienceMs
    for (let quiet = 0, busy = 0; quiet < quietTurns;) {
      const isQuiet = this.#awake === 0 && [...this.#probes].every((probe) => probe())
      quiet = isQuiet ? quiet + 1 : 0
      busy = isQuiet ? 0 : busy + 1
      if (!isQuiet && performance.now() > deadline)
        throw new Error('Simulated time waits for work that never ends')
      await new Promise((resolve) => (busy <= spinTurns ? setImmediate(resolve) : setTimeout(resolve, 1)))
    }
  }
}
