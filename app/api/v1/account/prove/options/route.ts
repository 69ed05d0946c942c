/** Asks the signed-in driver for a passkey of the account once more. */

import { beginProof } from '@/lib/cloud/accounts/commands'
import { handleSignedIn } from '../../../../handle'
import { json } from '../../../../respond'

export const POST = handleSignedIn(
  async (cloud, accountId) => json(await beginProof(cloud, accountId)),
  'account',
)
