/** What the fleet page is drawn from. Money in minor units of one currency, times in epoch seconds. */

import type { Refusal } from '@/lib/core/reason'

export interface FleetFigures {
  readonly name: string
  readonly currency: string
  /** Open holds: spent out of sight, receipts still to come. */
  readonly atRiskMinor: number
  readonly openSessions: number
  /** What can still be handed out. */
  readonly freeMinor: number
  /** Set aside in tokens. */
  readonly reservedMinor: number
  /** Spent beyond the credit. */
  readonly owedMinor: number
  readonly openCases: number
}

export type TokenState = 'unclaimed' | 'live' | 'expired' | 'revoked'

export interface TokenRow {
  readonly tokenId: string
  readonly driverName: string
  readonly state: TokenState
  readonly capMinor: number
  readonly spentMinor: number
  readonly heldMinor: number
  readonly expiresAtS: number
}

export type FleetSessionState = 'seen' | 'settled' | 'case'

export interface SessionRow {
  readonly sessionId: string
  readonly driverName: string
  readonly state: FleetSessionState
  readonly siteLabel: string | null
  readonly bayLabel: string | null
  readonly energyWh: number | null
  readonly holdMinor: number
  readonly totalMinor: number | null
  readonly authorizedAtS: number
  readonly updatedAtS: number
}

export const sessionFilters = ['all', 'seen', 'settled', 'case'] as const
export type SessionFilter = (typeof sessionFilters)[number]

export interface TokenOrder {
  readonly driverName: string
  readonly capMinor: number
  readonly sessionCapMinor: number
  readonly days: number
}

export type Progress =
  | { readonly kind: 'asking' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }

/** `card-number`: typed here, with the test provider; `redirect`: on the provider's page; null: not known yet. */
export type PaymentMethod = 'card-number' | 'redirect'

/** The one question that may stand before the page. */
export type FleetDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'top-up'; readonly progress: Progress; readonly method: PaymentMethod | null }
  /** Back from the card provider's page, whose word is still to come or was no. */
  | { readonly kind: 'paid-elsewhere'; readonly progress: Progress }
  | { readonly kind: 'issue'; readonly progress: Progress }
  | {
      readonly kind: 'issued'
      readonly driverName: string
      readonly claimUrl: string
      readonly claimCode: string
    }
  | { readonly kind: 'revoke'; readonly token: TokenRow; readonly progress: Progress }

export interface FleetView {
  readonly figures: FleetFigures
  readonly tokens: readonly TokenRow[]
  readonly sessions: readonly SessionRow[]
  readonly filter: SessionFilter
  readonly asOfS: number
  readonly nowS: number
  /** The operator does not answer; the figures are the last that were read. */
  readonly isStale: boolean
  readonly dialog: FleetDialog
}

export interface FleetActs {
  onOpenTopUp(): void
  onOpenIssue(): void
  onOpenRevoke(token: TokenRow): void
  onCloseDialog(): void
  /** The number is null where it is typed on the provider's page. */
  onTopUp(order: { readonly amountMinor: number; readonly cardNumber: string | null }): void
  onIssue(order: TokenOrder): void
  onRevoke(tokenId: string, confirmation: string): void
  onCopy(text: string): void
  onFilter(filter: SessionFilter): void
}
