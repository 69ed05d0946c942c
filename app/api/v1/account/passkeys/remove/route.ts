/** Takes a passkey away, never the last way into the account. */

import { refusal } from '@/lib/core/reason'
import { removePasskey } from '@/lib/cloud/accounts/passkeys'
import { noContent, refuse } from '../../../../respond'
import { handleProved } from '../../proved'
import { readCredentialId } from '../../read-account'

export const POST = handleProved(async (cloud, { accountId, token }, body) => {
  const credentialId = readCredentialId(body)
  if (credentialId === undefined) return refuse(refusal('api.malformed'))
  const removed = await removePasskey(cloud, accountId, credentialId, token)
  return removed.ok ? noContent() : refuse(removed.error)
})
