/** One batch of printed cards with its cards. */

import { readCardBatch } from '@/lib/cloud/operations/printed-cards'
import { batchOf } from '@/lib/cloud/printed-cards/batch-list'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readCardBatch, (cloud, { organisationId }, { params }) =>
  batchOf(cloud, organisationId, params.batchId),
)
