/**
 * How decisions of people and judgements of evidence fit together. Of each session the books know what is surely owed
 * and the most that anybody claims; between the two the difference is pending. A verdict settles that interval for
 * good; evidence that comes later can only open doubt outside it. Pure.
 */

/** The part of a session's claim about which people have decided; the hull of all verdicts so far. */
export interface DecidedClaim {
  readonly fromMinor: number
  readonly toMinor: number
}

/** What stays pending of a claim above what is owed. */
export function openDoubtMinor(
  owedMinor: number,
  claimedMinor: number,
  decided: DecidedClaim | undefined,
): number {
  if (decided === undefined) return Math.max(0, claimedMinor - owedMinor)
  const below = Math.max(0, Math.min(decided.fromMinor, claimedMinor) - owedMinor)
  const above = Math.max(0, claimedMinor - Math.max(decided.toMinor, owedMinor))
  return below + above
}

/**
 * The claim once the open doubt has been decided too. What was claimed follows from the open doubt, because claims
 * never fall and what is owed never rises.
 */
export function decideDoubt(
  owedMinor: number,
  doubtMinor: number,
  decided: DecidedClaim | undefined,
): DecidedClaim {
  if (decided === undefined) return { fromMinor: owedMinor, toMinor: owedMinor + doubtMinor }
  const below = Math.max(0, decided.fromMinor - owedMinor)
  return {
    fromMinor: Math.min(decided.fromMinor, owedMinor),
    toMinor: decided.toMinor + Math.max(0, doubtMinor - below),
  }
}
