/** While charging: the last figure that the charger signed, and how old it is. Nothing extrapolated stands as fact. */

export interface SignedStatus {
  readonly energyWh: number
  readonly costMinor: number
  readonly atS: number
}

export interface SessionView {
  readonly siteLabel: string
  readonly bayLabel: string
  readonly words: readonly [string, string]
  /** `waiting`: shown, no answer scanned yet. `accepted`: a signed yes is on the phone. */
  readonly answer: 'waiting' | 'accepted'
  readonly heldMinor: number
  readonly currency: string
  readonly approvedAtS: number
  /** The newest that was scanned, or null. */
  readonly status: SignedStatus | null
  readonly nowS: number
}

export interface SessionProps {
  view: SessionView
  onScanStatus(): void
  onScanReceipt(): void
  /** The same bytes again, for a charger that missed them. */
  onShowCode(): void
  onProblem(): void
  onBack(): void
}
