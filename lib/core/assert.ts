/** Programming errors: a broken invariant stops the work at hand instead of spreading. */

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`)
}

/** Ends an exhaustive switch; the type checker reports a forgotten case at the call. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable value: ${JSON.stringify(value)}`)
}
