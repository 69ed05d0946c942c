/** One case with its history and evidence. */

import { readCase } from '@/lib/cloud/operations/operator-cases'
import { caseOf } from '@/lib/cloud/operator/case-console'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readCase, (cloud, member, { params }) => caseOf(cloud, member, params.caseId))
