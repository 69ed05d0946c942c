/** How one pays here: by a number typed on our page (the sandbox), or on the card provider's. Public. */

import type { PaymentsResponse } from '@/lib/cloud/api-types/payments'
import { guestBounds } from '@/lib/cloud/topup/commands'
import { handle } from '../../handle'
import { json } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handle((cloud) => {
  const { currency } = cloud.config
  const response: PaymentsResponse = {
    currency,
    asksForCardNumber: cloud.cards.asksForCardNumber,
    guest: guestBounds(currency),
  }
  return Promise.resolve(json(response))
}, 'payments')
