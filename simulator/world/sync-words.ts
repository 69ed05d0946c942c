/** The cloud's answer to a bundle, from its text form back to bytes, as a road gives it to a charger. */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import type { SyncResponse } from '@/lib/cloud/api-types/devices'
import type { SyncRefusal } from '@/lib/cloud/ingest/receive'
import type { GrantSerial } from '@/lib/core/ids'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import type { RoadFault, RoadNews } from '@/lib/roads/road'
import type { ReportedChain } from '@/lib/wallet/cloud-port'

export const newsOf = (response: SyncResponse): RoadNews => ({
  acknowledgement: bytesOf(response.acknowledgement),
  trustList: bytesOf(response.trustList),
  revocations: bytesOf(response.revocations),
  policy: bytesOf(response.policy),
})

export const serialsOf = (chains: readonly Pick<ReportedChain, 'grant'>[]): readonly GrantSerial[] =>
  chains.flatMap(({ grant }) => {
    const bytes = fromBase64Url(grant)
    const parsed = bytes === undefined ? undefined : parseMessage(grantMessage, bytes)
    return parsed?.ok === true ? [parsed.value.payload.serial] : []
  })

/** What is held of the log, and the list that says who signs so, where they came along. */
export function faultOf({ acknowledgement, trustList, ...why }: SyncRefusal): RoadFault {
  return {
    ...why,
    ...(acknowledgement === undefined ? {} : { acknowledgement: bytesOf(acknowledgement) }),
    ...(trustList === undefined ? {} : { trustList: bytesOf(trustList) }),
    detail: 'Refused by the cloud',
  }
}

export function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text)
  if (bytes === undefined) throw new Error('The cloud gave a message that is not base64url')
  return bytes
}
