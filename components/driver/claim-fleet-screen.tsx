/** Joins a fleet with the code that its manager gave out. */

import type { Refusal } from '@/lib/core/reason'

export interface ClaimFleetView {
  readonly online: boolean
  /** From a link, so that the driver need not type it. */
  readonly code: string
  readonly state:
    | { readonly kind: 'ready' }
    | { readonly kind: 'waiting' }
    | {
        readonly kind: 'done'
        readonly fleetName: string
        readonly capMinor: number
        readonly currency: string
        readonly untilS: number
      }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface ClaimFleetProps {
  view: ClaimFleetView
  onClaim(code: string): void
  onDone(): void
  onBack(): void
}
