/** A grant given back for good: its credit returns to the signed-in driver's account. */

import { refusal } from '@/lib/core/reason'
import { giveBackGrant } from '@/lib/cloud/issuance/give-back'
import { handleSignedInJson } from '../../../handle'
import { readClose } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const close = readClose(body)
  if (close === undefined) return refuse(refusal('api.malformed'))
  const given = await giveBackGrant(cloud, { accountId, close })
  return given.ok ? json(given.value) : refuse(given.error)
}, 'evidence')
