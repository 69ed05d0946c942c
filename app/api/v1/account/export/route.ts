/** Everything that is held about the account, as a file for its owner. */

import { exportAccount } from '@/lib/cloud/accounts/export-account'
import { handleSignedIn } from '../../../handle'
import { json } from '../../../respond'

export const dynamic = 'force-dynamic'

export const GET = handleSignedIn(
  async (cloud, accountId) =>
    json(await exportAccount(cloud, accountId), {
      'content-disposition': 'attachment; filename="outpost-account.json"',
    }),
  'account',
)
