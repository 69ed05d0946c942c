/** A page of the signed-in driver's account, newest first. */

import { accountHistory, parseCursor } from '@/lib/cloud/accounts/history'
import { refusal } from '@/lib/core/reason'
import { handleSignedIn } from '../../../handle'
import { json, refuse } from '../../../respond'

export const dynamic = 'force-dynamic'

export const GET = handleSignedIn(async (cloud, accountId, request) => {
  const before = new URL(request.url).searchParams.get('before')
  const cursor = before === null ? undefined : parseCursor(before)
  if (before !== null && cursor === undefined) return refuse(refusal('api.malformed'))
  return json(await accountHistory(cloud, accountId, cursor))
}, 'payments')
