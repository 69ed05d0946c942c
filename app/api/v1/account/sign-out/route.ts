/** Forgets the cookie's token on both sides. */

import { refusal } from '@/lib/core/reason'
import { signOut } from '@/lib/cloud/accounts/sign-ins'
import { handle } from '../../../handle'
import { noContent, refuse } from '../../../respond'
import { isForeignWrite, signOutCookie, tokenOf } from '../../../sign-in-cookie'

export const POST = handle(async (cloud, request) => {
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const token = tokenOf(cloud.config, request)
  if (token !== undefined) await signOut(cloud, token)
  return noContent(signOutCookie(cloud.config))
}, 'account')
