/** Signs in as the demonstration's fleet manager, who has no passkey. */

import { refusal } from '@/lib/core/reason'
import { signInForDemo } from '@/lib/cloud/accounts/commands'
import { demo } from '@/lib/cloud/operator/seed-demo'
import { handle } from '../../../handle'
import { noContent, refuse } from '../../../respond'
import { isForeignWrite, signInCookie } from '../../../sign-in-cookie'

export const POST = handle(async (cloud, request) => {
  if (!cloud.config.isDemo) return refuse(refusal('api.not-found'))
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const signedIn = await signInForDemo(cloud, demo.managerId)
  if (!signedIn.ok) return refuse(signedIn.error)
  const { token, expiresAtS } = signedIn.value
  return noContent(signInCookie(cloud.config, token, expiresAtS - cloud.clock.nowS()))
}, 'account')
