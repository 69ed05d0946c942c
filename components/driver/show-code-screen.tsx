/** The phone's code on pure white, to be held to the charger. */

export interface ShowCodeView {
  /** The whole text of the code (`OP1:…`). */
  readonly text: string
  /** The part shown and how many there are; null for a code of one piece. */
  readonly part: { readonly index: number; readonly count: number } | null
  readonly bayLabel: string
  readonly words: readonly [string, string]
  readonly heldMinor: number
  readonly currency: string
}

export interface ShowCodeProps {
  view: ShowCodeView
  /** The driver saw the charger say yes. */
  onAccepted(): void
  /** Opens the camera for the charger's answer. */
  onScanAnswer(): void
  onProblem(): void
  onBack(): void
}
