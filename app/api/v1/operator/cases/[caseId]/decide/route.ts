/** The operator’s people end a case by a verdict. */

import { decideOperatorCase } from '@/lib/cloud/operations/operator-cases'
import { decideAs } from '@/lib/cloud/operator/case-console'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  decideOperatorCase,
  (cloud, member, { params, body: { verdict, ...grounds } }) =>
    decideAs(cloud, member, { ...params, ...grounds, decision: { kind: verdict } }),
)
