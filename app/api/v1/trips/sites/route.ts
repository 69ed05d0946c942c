/** The operator's sites, to be chosen from before a journey. Public: the same for everybody. */

import { tripSites } from '@/lib/cloud/issuance/trip-sites'
import { handle } from '../../../handle'
import { json } from '../../../respond'

export const dynamic = 'force-dynamic'

export const GET = handle(async (cloud) => json(await tripSites(cloud)), 'payments')
