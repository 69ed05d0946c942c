/** Adds credit by card. The amount is the one figure; the card number goes straight to the provider. */

import type { Refusal } from '@/lib/core/reason'

export interface TopUpView {
  readonly currency: string
  readonly balanceMinor: number
  readonly choicesMinor: readonly number[]
  /** Which choice is taken at first. */
  readonly suggestedMinor: number
  readonly online: boolean
  /** The built-in test provider: no real card is charged, and the screen says so. */
  readonly sandbox: boolean
  readonly state:
    | { readonly kind: 'choosing' }
    | { readonly kind: 'paying'; readonly amountMinor: number }
    | { readonly kind: 'done'; readonly amountMinor: number }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface TopUpProps {
  view: TopUpView
  onPay(order: { amountMinor: number; cardNumber: string }): void
  onDone(): void
  onBack(): void
}
