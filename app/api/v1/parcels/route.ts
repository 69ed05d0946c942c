/** A parcel in, by whoever carried it; the sealed answer for its device out. */

import { answerParcel } from '@/lib/cloud/parcels/answer-parcel'
import { limits } from '@/lib/core/limits'
import { handle } from '../../handle'
import { readBytes } from '../../read-body'
import { refuse } from '../../respond'

export const POST = handle(async (cloud, request) => {
  const parcel = await readBytes(request, limits.parcelBytesMax)
  if (!parcel.ok) return refuse(parcel.error)
  const answered = await answerParcel(cloud, parcel.value)
  if (!answered.ok) return refuse(answered.error)
  return new Response(answered.value, {
    headers: { 'content-type': 'application/cbor', 'cache-control': 'no-store' },
  })
}, 'evidence')
