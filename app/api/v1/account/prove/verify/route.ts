/** The passkey was shown: for some minutes the account's keys may be changed from here. */

import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { refusal } from '@/lib/core/reason'
import { finishProof } from '@/lib/cloud/accounts/commands'
import { handleSignedInJson } from '../../../../handle'
import { readVerify } from '../../../../read-requests'
import { noContent, refuse } from '../../../../respond'
import { signInCookie, tokenOf } from '../../../../sign-in-cookie'

export const POST = handleSignedInJson(async (cloud, accountId, body, request) => {
  const verify = readVerify<AuthenticationResponseJSON>(body)
  if (verify === undefined) return refuse(refusal('api.malformed'))
  const { challengeId, response } = verify
  const proved = await finishProof(
    cloud,
    accountId,
    tokenOf(cloud.config, request) ?? '',
    challengeId,
    response,
  )
  if (!proved.ok) return refuse(proved.error)
  const { token, expiresAtS } = proved.value
  return noContent(signInCookie(cloud.config, token, expiresAtS - cloud.clock.nowS()))
}, 'account')
