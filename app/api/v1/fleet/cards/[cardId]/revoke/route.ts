/** Withdraws a card. */

import { revokeCard } from '@/lib/cloud/fleet/cards'
import { withdrawCard } from '@/lib/cloud/operations/cards'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  withdrawCard,
  (cloud, { accountId: author, organisationId: fleetId }, { params: { cardId } }) =>
    revokeCard(cloud, { fleetId, cardId, author }),
)
