/**
 * What a fleet may still set aside: its own credit and what is left of its credit line. Pure. What was drawn from the line
 * stands on an account of its own, so that the fleet's account never goes below zero and the books say who owes what.
 */

export interface CreditPosition {
  /** Of the fleet's account, open promises taken off. */
  readonly availableMinor: number
  /** From the credit line, not given back yet. */
  readonly drawnMinor: number
  /** That the operator allows; may have been lowered below what is drawn. */
  readonly limitMinor: number
}

export const freeOf = ({ availableMinor, drawnMinor, limitMinor }: CreditPosition): number =>
  Math.max(0, availableMinor + limitMinor - drawnMinor)

/** What has to be drawn so that this much can be set aside; undefined: it is more than what is free. */
export const drawFor = (amountMinor: number, position: CreditPosition): number | undefined =>
  amountMinor > freeOf(position) ? undefined : Math.max(0, amountMinor - position.availableMinor)

/** What came in gives back what was drawn, as far as it reaches. */
export const givesBack = ({ availableMinor, drawnMinor }: CreditPosition): number =>
  Math.max(0, Math.min(availableMinor, drawnMinor))
