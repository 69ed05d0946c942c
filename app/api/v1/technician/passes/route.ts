/** Turns an operator's invitation into a technician's pass for the phone that asks. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { TakePassResponse } from '@/lib/cloud/api-types/technician'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { takeInvitation } from '@/lib/cloud/issuance/technician-passes'
import { asObject, asText } from '@/lib/cloud/json-shape'
import { handleJson } from '../../../handle'
import { json, refuse } from '../../../respond'

export const POST = handleJson(async (cloud, body) => {
  const object = asObject(body)
  const code = asText(object?.['code'], 64)
  const deviceKey = asText(object?.['deviceKey'], 64)
  if (code === undefined || deviceKey === undefined) return refuse(refusal('api.malformed'))
  const taken = await takeInvitation(cloud, { code, deviceKey })
  if (!taken.ok) return refuse(taken.error)
  const response: TakePassResponse = { pass: toBase64Url(taken.value), ...(await currentTrust(cloud)) }
  return json(response)
}, 'codes')
