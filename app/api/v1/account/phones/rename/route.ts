/** Another name for a phone. */

import { refusal } from '@/lib/core/reason'
import { renamePhone } from '@/lib/cloud/accounts/phones'
import { handleSignedInJson } from '../../../../handle'
import { noContent, refuse } from '../../../../respond'
import { readNewName, readPhoneId } from '../../read-account'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const [phoneId, name] = [readPhoneId(body), readNewName(body)]
  if (phoneId === undefined || name === undefined) return refuse(refusal('api.malformed'))
  const renamed = await renamePhone(cloud, accountId, phoneId, name)
  return renamed.ok ? noContent() : refuse(renamed.error)
})
