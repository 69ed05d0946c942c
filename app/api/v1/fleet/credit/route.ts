/** Where the member's fleet stands. */

import { creditOf } from '@/lib/cloud/credit/queries'
import { readCredit } from '@/lib/cloud/operations/credit'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readCredit, (cloud, { organisationId }) => creditOf(cloud, organisationId))
