/**
 * A card provider without cards, for trials: test numbers decide the outcome. Being a pure function of its input, it
 * is idempotent by nature.
 */

import { refusal } from '@/lib/core/reason'
import { err, ok } from '@/lib/core/result'
import { hashSecret } from '../secrets'
import type { CardProvider } from './card-provider'

const payingNumber = '4242424242424242'

export const sandboxCards: CardProvider = {
  charge: ({ cardNumber, idempotencyKey }) =>
    Promise.resolve(
      cardNumber.replaceAll(/[\s-]/g, '') === payingNumber
        ? ok({ providerReference: `sandbox-${hashSecret(idempotencyKey).slice(0, 16)}` })
        : err(refusal('account.card-declined')),
    ),
}
