/** All fleets, for the operator's people. */

import { listFleets } from '@/lib/cloud/operations/operator-fleets'
import { fleetsOf } from '@/lib/cloud/operator/fleet-list'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listFleets, (cloud, _member, { query }) => fleetsOf(cloud, query))
