/** What one of doctor's checks found. */

export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do about it; absent when all is well. */
  readonly advice?: string
}

export const well = (check: string, found: string): Finding => ({ check, state: 'ok', found })
export const doubtful = (check: string, found: string, advice: string): Finding => ({
  check,
  state: 'warn',
  found,
  advice,
})
export const broken = (check: string, found: string, advice: string): Finding => ({
  check,
  state: 'fail',
  found,
  advice,
})
