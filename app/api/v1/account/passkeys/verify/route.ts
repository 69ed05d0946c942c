/** Ends it: the passkey opens the account from now on. */

import { refusal } from '@/lib/core/reason'
import { finishNextPasskey } from '@/lib/cloud/accounts/passkeys'
import { noContent, refuse } from '../../../../respond'
import { handleProved } from '../../proved'
import { readNamedPasskey } from '../../read-account'

export const POST = handleProved(async (cloud, { accountId }, body) => {
  const made = readNamedPasskey(body)
  if (made === undefined) return refuse(refusal('api.malformed'))
  const added = await finishNextPasskey(cloud, accountId, made.challengeId, made.response, made.name)
  return added.ok ? noContent() : refuse(added.error)
})
