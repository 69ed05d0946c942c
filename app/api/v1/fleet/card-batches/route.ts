/** Batches of printed cards of the member's fleet. */

import { listCardBatches, makeCardBatch } from '@/lib/cloud/operations/printed-cards'
import { batchesOf } from '@/lib/cloud/printed-cards/batch-list'
import { makeBatch } from '@/lib/cloud/printed-cards/make-batch'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listCardBatches, (cloud, { organisationId }, { query }) =>
  batchesOf(cloud, organisationId, query),
)

export const POST = memberRoute(
  makeCardBatch,
  (cloud, { accountId: author, organisationId: fleetId }, { body }) =>
    makeBatch(cloud, { ...body, fleetId, author }),
)
