/** Ends a registration: a new account, signed in. */

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { refusal } from '@/lib/core/reason'
import { finishRegistration } from '@/lib/cloud/accounts/commands'
import { handleJson } from '../../../../handle'
import { readVerify } from '../../../../read-requests'
import { refuse } from '../../../../respond'
import { isForeignWrite } from '../../../../sign-in-cookie'
import { signedIn } from '../../signed-in'

export const POST = handleJson(async (cloud, body, request) => {
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const verify = readVerify<RegistrationResponseJSON>(body)
  if (verify === undefined) return refuse(refusal('api.malformed'))
  return signedIn(cloud, request, await finishRegistration(cloud, verify.challengeId, verify.response))
}, 'account')
