/** The manager's fleet. */

import { fleetOverview } from '@/lib/cloud/fleet/queries'
import { handleManager } from '../../handle'
import { answer } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handleManager(async (cloud, { fleetId }) => answer(await fleetOverview(cloud, fleetId)))
