/** Begins another passkey for the account. */

import { beginNextPasskey } from '@/lib/cloud/accounts/passkeys'
import { json } from '../../../../respond'
import { handleProved } from '../../proved'

export const POST = handleProved(async (cloud, { accountId }) =>
  json(await beginNextPasskey(cloud, accountId)),
)
