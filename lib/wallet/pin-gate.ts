/**
 * How often a PIN may be tried. Each attempt is counted on disk BEFORE it is checked, so that pulling the power never
 * gives another try; waits grow; after the last the key is destroyed. Pure.
 */

export interface PinTries {
  /** Since the last right one; the one under way included. */
  readonly count: number
  /** Wall clock; before it no attempt is taken. */
  readonly notBeforeMs: number
}

export const noTries: PinTries = { count: 0, notBeforeMs: 0 }

export const triesMax = 10

/** After so many wrong ones, this long until the next. Ten guesses of a million cost half a day. */
const waitsMs = [0, 0, 0, 30_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000] as const

export type PinAttempt =
  /** Write this down, then check the PIN. */
  | { readonly kind: 'try'; readonly tries: PinTries }
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** Destroy the key. */
  | { readonly kind: 'over' }

export function beginAttempt(tries: PinTries, nowMs: number): PinAttempt {
  if (tries.count >= triesMax) return { kind: 'over' }
  // A clock that was set back must not lock an owner out for longer than the longest wait.
  const longestMs = waitsMs[waitsMs.length - 1] ?? 0
  const untilMs = Math.min(tries.notBeforeMs, nowMs + longestMs)
  if (untilMs > nowMs) return { kind: 'wait', untilMs }
  const count = tries.count + 1
  return { kind: 'try', tries: { count, notBeforeMs: nowMs + (waitsMs[count - 1] ?? longestMs) } }
}

export const triesLeft = ({ count }: PinTries): number => Math.max(0, triesMax - count)

/** Six digits or more, and none of those that everybody tries first. */
export function isUsablePin(pin: string): boolean {
  if (!/^\d{6,12}$/.test(pin)) return false
  const digits = [...pin].map(Number)
  const steps = new Set(digits.slice(1).map((digit, index) => digit - (digits[index] ?? 0)))
  const isRunOrRepeat = steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 9)
  return !isRunOrRepeat && new Set(digits).size > 2
}
