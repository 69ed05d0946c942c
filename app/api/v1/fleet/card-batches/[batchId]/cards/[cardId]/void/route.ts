/** Voids one printed card. */

import { voidPrintedCard } from '@/lib/cloud/operations/printed-cards'
import { voidCards } from '@/lib/cloud/printed-cards/void-cards'
import { memberRoute } from '../../../../../../../handle-operation'

export const POST = memberRoute(
  voidPrintedCard,
  (cloud, { accountId: author, organisationId: fleetId }, { params, body }) =>
    voidCards(cloud, { ...params, ...body, fleetId, author }),
)
