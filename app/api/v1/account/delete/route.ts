/** Deletes the account, says what is paid back and by which reference, and forgets the cookie. */

import { closeAccount } from '@/lib/cloud/accounts/close-account'
import { json, refuse } from '../../../respond'
import { signOutCookie } from '../../../sign-in-cookie'
import { handleProved } from '../proved'

export const POST = handleProved(async (cloud, { accountId }) => {
  const closed = await closeAccount(cloud, accountId)
  return closed.ok ? json(closed.value, signOutCookie(cloud.config)) : refuse(closed.error)
})
