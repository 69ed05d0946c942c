/** When a screen that nobody touches asks, and when it clears itself. A running session never times out. */

export const askAfterMs = 45_000
export const leaveAfterMs = 65_000

/**
 * `personal`: somebody's receipt, refusal or half-typed code is on the glass. `open`: nothing personal, but somebody may
 * have changed language or light. `running`: the screen of a session, which stays.
 */
export type Attendance = 'personal' | 'open' | 'running'

export type IdleVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'ask'; readonly secondsLeft: number }
  | { readonly kind: 'leave' }

export function idleVerdict(attendance: Attendance, untouchedMs: number): IdleVerdict {
  if (attendance === 'running') return { kind: 'none' }
  if (untouchedMs >= leaveAfterMs) return { kind: 'leave' }
  if (attendance === 'personal' && untouchedMs >= askAfterMs) {
    return { kind: 'ask', secondsLeft: Math.ceil((leaveAfterMs - untouchedMs) / 1_000) }
  }
  return { kind: 'none' }
}
