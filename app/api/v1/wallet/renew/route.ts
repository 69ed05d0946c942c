/**
 * A grant given back for the next one. The close proves who holds the old one; a driver's credit also needs the
 * account's own sign-in, a fleet's token does not, because its driver has no account.
 */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { GrantResponse } from '@/lib/cloud/api-types/wallet'
import { renewGrant } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { handleJson } from '../../../handle'
import { readRenewal } from '../../../read-requests'
import { json, refuse } from '../../../respond'
import { isForeignWrite, signedInAccount } from '../../../sign-in-cookie'

export const POST = handleJson(async (cloud, body, request) => {
  if (isForeignWrite(cloud.config, request)) return refuse(refusal('api.forbidden'))
  const order = readRenewal(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  const accountId = await signedInAccount(cloud, request)
  const renewed = await renewGrant(cloud, { ...order, accountId })
  if (!renewed.ok) return refuse(renewed.error)
  const response: GrantResponse = { grant: toBase64Url(renewed.value), ...(await currentTrust(cloud)) }
  return json(response)
}, 'evidence')
