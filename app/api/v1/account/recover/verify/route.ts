/** Ends a recovery: the new passkey opens the account, and its owner is signed in. */

import { refusal } from '@/lib/core/reason'
import { finishRecovery } from '@/lib/cloud/accounts/recover'
import { handleJson } from '../../../../handle'
import { refuse } from '../../../../respond'
import { isForeignWrite } from '../../../../sign-in-cookie'
import { readNamedPasskey } from '../../read-account'
import { signedIn } from '../../signed-in'

export const POST = handleJson(async (cloud, body, request) => {
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const made = readNamedPasskey(body)
  if (made === undefined) return refuse(refusal('api.malformed'))
  return signedIn(cloud, request, await finishRecovery(cloud, made.challengeId, made.response, made.name))
}, 'recovery')
