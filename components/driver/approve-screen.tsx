/** The one decision: this bay, this price, at most this much. */

import type { Refusal } from '@/lib/core/reason'
import type { TariffFigures } from '@/lib/format/tariff-lines'

export interface HoldChoice {
  readonly holdMinor: number
  /** True when this amount calls for a passkey. */
  readonly stepUp: boolean
}

export interface ApproveView {
  readonly siteLabel: string
  readonly operatorName: string
  readonly bayLabel: string
  readonly words: readonly [string, string]
  readonly tariff: TariffFigures
  /** A usual session at this price, or null where nothing sensible can be said. Shown with ≈. */
  readonly estimate: {
    readonly energyWh: number
    readonly durationS: number
    readonly totalMinor: number
  } | null
  /** Ascending; every choice is one that wallet, grant and offer allow. */
  readonly holds: readonly HoldChoice[]
  readonly chosenHoldMinor: number
  /** Which bound ends the list, so that the driver knows why it is not more. */
  readonly limitedBy: 'charger' | 'wallet' | 'new-charger'
  readonly state: 'deciding' | 'passkey' | 'signing'
  readonly refusal: Refusal | null
}

export interface ApproveProps {
  view: ApproveView
  onChooseHold(holdMinor: number): void
  onApprove(): void
  onBack(): void
}
