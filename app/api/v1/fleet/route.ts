/** The manager's fleet. */

import { fleetOverview } from '@/lib/cloud/fleet/queries'
import { handleMember } from '../../handle'
import { answer } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handleMember('credit.read', async (cloud, { organisationId: fleetId }) =>
  answer(await fleetOverview(cloud, fleetId)),
)
