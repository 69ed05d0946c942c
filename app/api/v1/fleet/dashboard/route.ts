/** The fleet at a glance. */

import { dashboardOf } from '@/lib/cloud/dashboard/dashboard'
import { readDashboard } from '@/lib/cloud/operations/dashboard'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readDashboard, (cloud, { organisationId }) =>
  dashboardOf(cloud, organisationId),
)
