/** The operator’s people give money within a case. */

import { remedyOperatorCase } from '@/lib/cloud/operations/operator-cases'
import { decideAs } from '@/lib/cloud/operator/case-console'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  remedyOperatorCase,
  (cloud, member, { params, body: { remedy, amountMinor, ...grounds } }) =>
    decideAs(cloud, member, { ...params, ...grounds, decision: { kind: remedy, amountMinor } }),
)
