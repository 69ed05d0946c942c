/** Ends a sign-in. */

import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { refusal } from '@/lib/core/reason'
import { finishSignIn } from '@/lib/cloud/accounts/commands'
import { handleJson } from '../../../../handle'
import { readVerify } from '../../../../read-requests'
import { refuse } from '../../../../respond'
import { isForeignWrite } from '../../../../sign-in-cookie'
import { signedIn } from '../../signed-in'

export const POST = handleJson(async (cloud, body, request) => {
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const verify = readVerify<AuthenticationResponseJSON>(body)
  if (verify === undefined) return refuse(refusal('api.malformed'))
  return signedIn(cloud, request, await finishSignIn(cloud, verify.challengeId, verify.response))
}, 'account')
