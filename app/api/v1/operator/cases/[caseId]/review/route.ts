/** The operator’s people take a case up, hand it back or wait for evidence. */

import { reviewOperatorCase } from '@/lib/cloud/operations/operator-cases'
import { reviewAs } from '@/lib/cloud/operator/case-console'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(reviewOperatorCase, (cloud, member, { params, body }) =>
  reviewAs(cloud, member, { ...params, ...body }),
)
