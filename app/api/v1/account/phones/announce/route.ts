/** A phone of the signed-in driver says that it is here, what it is called, and which keys are its own. */

import { refusal } from '@/lib/core/reason'
import { announcePhone } from '@/lib/cloud/accounts/phones'
import { handleSignedInJson } from '../../../../handle'
import { noContent, refuse } from '../../../../respond'
import { tokenOf } from '../../../../sign-in-cookie'
import { readPhoneNews } from '../../read-account'

export const POST = handleSignedInJson(async (cloud, accountId, body, request) => {
  const news = readPhoneNews(body)
  if (news === undefined) return refuse(refusal('api.malformed'))
  const announced = await announcePhone(cloud, accountId, tokenOf(cloud.config, request) ?? '', news)
  return announced.ok ? noContent() : refuse(announced.error)
})
