/** Expected failure as a value. Exceptions are left for bugs. */

export type Ok<T> = { readonly ok: true; readonly value: T }
export type Err<E> = { readonly ok: false; readonly error: E }
export type Result<T, E> = Ok<T> | Err<E>

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const err = <E>(error: E): Err<E> => ({ ok: false, error })

/** Unwraps a result that the caller has already proved to be good; throws when that proof was wrong. */
export function expectOk<T, E>(result: Result<T, E>, why: string): T {
  if (result.ok) return result.value
  throw new Error(`${why}: ${JSON.stringify(result.error)}`)
}
