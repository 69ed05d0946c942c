/** Cases, for the operator’s people. */

import { listOperatorCases } from '@/lib/cloud/operations/operator-cases'
import { casesOf } from '@/lib/cloud/operator/case-console'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listOperatorCases, (cloud, member, { query }) => casesOf(cloud, member, query))
