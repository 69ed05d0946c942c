/** Voids what is left of a batch. */

import { voidCardBatch } from '@/lib/cloud/operations/printed-cards'
import { voidCards } from '@/lib/cloud/printed-cards/void-cards'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  voidCardBatch,
  (cloud, { accountId: author, organisationId: fleetId }, { params, body }) =>
    voidCards(cloud, { ...params, ...body, fleetId, author }),
)
