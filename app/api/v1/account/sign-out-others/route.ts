/** Ends every sign-in of the account but this one. */

import { signOutOthers } from '@/lib/cloud/accounts/sign-ins'
import { handleSignedIn } from '../../../handle'
import { noContent } from '../../../respond'
import { tokenOf } from '../../../sign-in-cookie'

export const POST = handleSignedIn(async (cloud, accountId, request) => {
  await signOutOthers(cloud, accountId, tokenOf(cloud.config, request) ?? '')
  return noContent()
}, 'account')
