/** The port to whoever takes money from cards. */

import type { CurrencyCode } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { MinorUnits } from '@/lib/core/units'

export interface CardCharge {
  /** The provider charges once however often it is asked with the same key. */
  readonly idempotencyKey: string
  readonly amountMinor: MinorUnits
  readonly currency: CurrencyCode
  /** Handed through to the provider; never stored or logged. */
  readonly cardNumber: string
}

export interface CardProvider {
  /** Resolves with the provider's reference, or a refusal such as `account.card-declined`. Rejects when unreachable. */
  charge(charge: CardCharge): Promise<Result<{ readonly providerReference: string }, Refusal>>
}
