/** What phones and chargers need to check our signatures. Public. */

import { currentTrust } from '@/lib/cloud/issuance/queries'
import { handle } from '../../handle'
import { json } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handle(async (cloud) => json(await currentTrust(cloud)), 'open')
