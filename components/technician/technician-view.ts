/** What the pages of a technician's phone are given. */

import type { Refusal } from '@/lib/core/reason'

export interface PassView {
  /** Of the pass: what a charger's log names. */
  readonly serial: string
  readonly rights: 'diagnostics' | 'service'
  /** Empty: every site of the operator. */
  readonly sites: readonly string[]
  readonly untilS: number
  readonly isExpired: boolean
  /** Whether this page opens at a charger without a network. */
  readonly app: 'kept' | 'keeping' | 'not-kept'
}

export interface EntryView {
  readonly text: string
  readonly chargerId: string
  readonly siteLabel: string
  readonly bayLabel: string
}

export interface TechnicianPassProps {
  readonly view: PassView
  onScan(): void
  /** Another invitation takes the place of this pass. */
  onRenew(): void
  onBack(): void
}

export interface TechnicianEntryProps {
  readonly view: EntryView
  onAgain(): void
  onDone(): void
}

export interface InvitationView {
  readonly online: boolean
  /** From a link. */
  readonly code: string
  readonly state:
    { readonly kind: 'ready' | 'waiting' } | { readonly kind: 'failed'; readonly refusal: Refusal }
}
