/** Signs in as the demonstration's fleet manager, or with `?as=` as its driver or as one of its operator's people; none has a passkey. */

import { refusal } from '@/lib/core/reason'
import { signInForDemo } from '@/lib/cloud/accounts/commands'
import { signOut } from '@/lib/cloud/accounts/sign-ins'
import { demo } from '@/lib/cloud/operator/seed-demo'
import { handle } from '../../../handle'
import { noContent, refuse } from '../../../respond'
import { isForeignWrite, signInCookie, tokenOf } from '../../../sign-in-cookie'

export const POST = handle(async (cloud, request) => {
  if (!cloud.config.isDemo) return refuse(refusal('api.not-found'))
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const signedIn = await signInForDemo(cloud, personOf(new URL(request.url).searchParams.get('as')))
  if (!signedIn.ok) return refuse(signedIn.error)
  const before = tokenOf(cloud.config, request)
  if (before !== undefined) await signOut(cloud, before)
  const { token, expiresAtS } = signedIn.value
  return noContent(signInCookie(cloud.config, token, expiresAtS - cloud.clock.nowS()))
}, 'account')

function personOf(as: string | null): string {
  if (as === 'driver') return demo.driverId
  return as === 'operator' ? demo.operatorPersonId : demo.managerId
}
