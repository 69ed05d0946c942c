/** A certificate for a charger's next key, or another for the one it has. Signed, so nobody needs to sign in. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { EnrolResponse } from '@/lib/cloud/api-types/devices'
import { renewCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { handleJson } from '../../../handle'
import { readCertificateRenewal } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const POST = handleJson(async (cloud, body) => {
  const order = readCertificateRenewal(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  const renewed = await renewCharger(cloud, order)
  if (!renewed.ok) return refuse(renewed.error)
  const response: EnrolResponse = { certificate: toBase64Url(renewed.value), ...(await currentTrust(cloud)) }
  return json(response)
}, 'codes')
