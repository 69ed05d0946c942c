/** A phone is lost: its grants are revoked, its sign-in ends. Answers with what stands now. */

import { refusal } from '@/lib/core/reason'
import { devicesOf } from '@/lib/cloud/accounts/devices'
import { reportLost } from '@/lib/cloud/accounts/phones'
import { handleSignedInJson } from '../../../../handle'
import { json, refuse } from '../../../../respond'
import { tokenOf } from '../../../../sign-in-cookie'
import { readPhoneId } from '../../read-account'

export const POST = handleSignedInJson(async (cloud, accountId, body, request) => {
  const phoneId = readPhoneId(body)
  if (phoneId === undefined) return refuse(refusal('api.malformed'))
  const reported = await reportLost(cloud, accountId, phoneId)
  if (!reported.ok) return refuse(reported.error)
  return json(await devicesOf(cloud, accountId, tokenOf(cloud.config, request) ?? ''))
})
