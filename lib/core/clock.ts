/** Ports for time and randomness. The core takes their readings as arguments; only shells hold the ports. */

import type { DurationMs, EpochSeconds } from './units'

export interface Clock {
  /** Wall-clock seconds. May jump; bounded from below by the clock floor. */
  nowS(): EpochSeconds
  /** Milliseconds that never go back within one run of the process. */
  monotonicMs(): DurationMs
}

export interface Random {
  /** `length` bytes from a cryptographic source. */
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** Cancels a timer; calling it twice is harmless. */
export type CancelTimer = () => void

/** Timers behind a port, so that a simulation can run weeks in seconds. */
export interface Timers {
  every(periodMs: DurationMs, run: () => void): CancelTimer
  after(delayMs: DurationMs, run: () => void): CancelTimer
}
