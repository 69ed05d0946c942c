/** The signed-in driver's account. */

import { accountOverview } from '@/lib/cloud/accounts/queries'
import { handleSignedIn } from '../../handle'
import { json } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handleSignedIn(async (cloud, accountId) => json(await accountOverview(cloud, accountId)))
