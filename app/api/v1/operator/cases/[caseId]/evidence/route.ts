/** The signed bytes of a case. */

import { readCaseEvidence } from '@/lib/cloud/operations/operator-cases'
import { caseEvidenceOf } from '@/lib/cloud/operator/case-console'
import { memberRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readCaseEvidence, (cloud, _member, { params }) =>
  caseEvidenceOf(cloud, params.caseId),
)
