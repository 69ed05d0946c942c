/** Creates an account with a passkey, or signs in with one. No names, no passwords. */

import type { Refusal } from '@/lib/core/reason'

export interface SignUpView {
  readonly mode: 'create' | 'sign-in'
  readonly online: boolean
  /** False where the browser has no passkeys at all. */
  readonly passkeys: boolean
  readonly state:
    | { readonly kind: 'ready' }
    /** The phone's own passkey sheet is open, or the server is answering. */
    | { readonly kind: 'waiting' }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface SignUpProps {
  view: SignUpView
  onCreate(): void
  onSignIn(): void
  /** Goes from creating to signing in and the other way round. */
  onSwitchMode(): void
  onBack(): void
}
