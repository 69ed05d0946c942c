/** Seals of a charger: what a technician wrote down, and what the next one found. A seal that is not as it was is an incident. */

export interface Seal {
  /** What it keeps shut, such as “meter” or “housing”. */
  readonly place: string
  readonly number: string
}

export interface FoundSeal extends Seal {
  readonly isIntact: boolean
}

export interface SealFinding {
  readonly what: 'seal.broken' | 'seal.changed' | 'seal.missing'
  readonly detail: string
}

/** Seals that are put on new are no finding; whatever was there before has to be there still, whole and the same. */
export function sealFindings(recorded: readonly Seal[], found: readonly FoundSeal[]): readonly SealFinding[] {
  return recorded.flatMap(({ place, number }): readonly SealFinding[] => {
    const now = found.find((one) => one.place === place)
    if (now === undefined) return [{ what: 'seal.missing', detail: `${place}: ${number} was not found` }]
    if (now.number !== number)
      return [{ what: 'seal.changed', detail: `${place}: ${now.number} where ${number} was` }]
    return now.isIntact ? [] : [{ what: 'seal.broken', detail: `${place}: ${number}` }]
  })
}
