/** What the next batch of printed cards can be made of. */

import { readCardBatchTerms } from '@/lib/cloud/operations/printed-cards'
import { batchTerms } from '@/lib/cloud/printed-cards/batch-list'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readCardBatchTerms, (cloud, { organisationId }) =>
  batchTerms(cloud, organisationId),
)
