/** A controller's first contact: a one-time code for a certificate. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { EnrolResponse } from '@/lib/cloud/api-types/devices'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { handleJson } from '../../../handle'
import { readEnrolment } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const POST = handleJson(async (cloud, body) => {
  const order = readEnrolment(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  const enrolled = await enrolCharger(cloud, order)
  if (!enrolled.ok) return refuse(enrolled.error)
  const response: EnrolResponse = { certificate: toBase64Url(enrolled.value), ...(await currentTrust(cloud)) }
  return json(response)
}, 'codes')
