/** Home answers three things at a glance: can I charge here and now, for how much, until when. */

import type { ReceiptSummary } from './receipt-summary'

export type HomeReadiness =
  /** The wallet is being read from the phone's storage. */
  | { readonly kind: 'loading' }
  /** No grant yet: the account is empty or new. `balanceMinor` is what could be taken along now. */
  | { readonly kind: 'empty'; readonly balanceMinor: number; readonly currency: string }
  | {
      readonly kind: 'ready'
      readonly spendableMinor: number
      readonly currency: string
      readonly untilS: number
      /** What a charger that has never seen this wallet accepts, without and with a passkey. */
      readonly newChargerMinor: number
      /** Null where the phone has no passkey. */
      readonly newChargerPasskeyMinor: number | null
      /** Who pays, when it is a fleet. */
      readonly fleetName: string | null
      /** True in the last day before `untilS`: go online to renew. */
      readonly endsSoon: boolean
    }
  | {
      readonly kind: 'renewal'
      readonly why: 'expired' | 'spent' | 'revoked' | 'spends-used'
      readonly currency: string
      /** What is left of it, to be moved to the next grant. */
      readonly leftMinor: number
    }

export interface HomeSession {
  readonly sessionId: string
  readonly siteLabel: string
  readonly bayLabel: string
  /** `shown`: approved, the charger has not been seen to answer yet. */
  readonly step: 'shown' | 'charging'
  readonly heldMinor: number
  readonly currency: string
}

export interface HomeView {
  readonly online: boolean
  readonly readiness: HomeReadiness
  readonly session: HomeSession | null
  /** The newest few; the list has the rest. */
  readonly receipts: readonly ReceiptSummary[]
  /** Receipts and answers that the operator has not seen yet. They go out by themselves. */
  readonly unsyncedCount: number
  readonly nowS: number
}

export interface HomeProps {
  view: HomeView
  onCharge(): void
  onOpenSession(sessionId: string): void
  onOpenReceipt(sessionId: string): void
  onOpenReceipts(): void
  onOpenAccount(): void
  onAddFunds(): void
  onJoinFleet(): void
  /** Fetches a grant: the first one, or the next. Only called while online. */
  onRenew(): void
}
