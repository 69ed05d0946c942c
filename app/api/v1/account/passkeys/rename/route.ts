/** Another name for a passkey. */

import { refusal } from '@/lib/core/reason'
import { renamePasskey } from '@/lib/cloud/accounts/passkeys'
import { handleSignedInJson } from '../../../../handle'
import { noContent, refuse } from '../../../../respond'
import { readCredentialId, readNewName } from '../../read-account'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const [credentialId, name] = [readCredentialId(body), readNewName(body)]
  if (credentialId === undefined || name === undefined) return refuse(refusal('api.malformed'))
  const renamed = await renamePasskey(cloud, accountId, credentialId, name)
  return renamed.ok ? noContent() : refuse(renamed.error)
})
