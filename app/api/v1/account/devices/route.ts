/** What opens the account, and which phones hold what of its credit. */

import { devicesOf } from '@/lib/cloud/accounts/devices'
import { handleSignedIn } from '../../../handle'
import { json } from '../../../respond'
import { tokenOf } from '../../../sign-in-cookie'

export const dynamic = 'force-dynamic'

export const GET = handleSignedIn(async (cloud, accountId, request) =>
  json(await devicesOf(cloud, accountId, tokenOf(cloud.config, request) ?? '')),
)
