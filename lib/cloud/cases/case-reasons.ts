/**
 * Why staff and drivers did something, in fixed words: reasons go into rows that nobody can change, so they must not
 * hold anything about a person.
 */

export const caseReasons = [
  'charger-right',
  'driver-right',
  'meter-fault',
  'double-charge',
  'stopped-early',
  'no-energy',
  'wrong-price',
  'restored-backup',
  'fraud',
  'uncollectable',
  'courtesy',
  'more-evidence-needed',
  'not-mine',
  'other',
] as const
export type CaseReason = (typeof caseReasons)[number]

export const isCaseReason = (text: string): text is CaseReason =>
  caseReasons.some((reason) => reason === text)

/** What a driver may give as the reason of a dispute. */
export const disputeReasons = [
  'no-energy',
  'wrong-price',
  'double-charge',
  'stopped-early',
  'not-mine',
  'other',
] as const satisfies readonly CaseReason[]
export type DisputeReason = (typeof disputeReasons)[number]

const authorPattern = /^[a-z0-9][a-z0-9-]{0,63}$/

/** Staff go by an id, not by a name: it stays in the books for ever. */
export const isStaffId = (text: string): boolean => authorPattern.test(text)

/** A remark for colleagues, kept in the history alone. */
export const noteCharsMax = 500
