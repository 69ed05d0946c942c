/** What a receipt looks like in a list, and the states that it passes through on its way to being settled. */

/**
 * `saved`: only on this phone. `seen`: the operator has it. `settled`: money is booked. `case`: somebody is looking at
 * it because the figures disagree; the lower amount counts meanwhile.
 */
export type ReceiptState = 'saved' | 'seen' | 'settled' | 'case'

export interface ReceiptSummary {
  readonly sessionId: string
  readonly siteLabel: string
  readonly bayLabel: string
  readonly endedAtS: number
  readonly energyWh: number
  readonly totalMinor: number
  readonly currency: string
  /** `unused`: no charger took the code, and the hold is back; there is no receipt then. */
  readonly state: ReceiptState | 'unused'
}
