/**
 * A parcel that some carrier brought: opened, taken in like any bundle, and answered so that only its device can read it.
 * Whoever brings it needs no sign-in and learns nothing; bringing it twice changes nothing.
 */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { RoadFault, RoadNews } from '@/lib/roads/road'
import { sealAnswer } from '@/lib/roads/parcel-answer'
import { decodeParcel, openParcel } from '@/lib/sync/parcel'
import type { SyncResponse } from '../api-types/devices'
import type { Cloud } from '../context'
import { answerBundle } from '../device-replies'
import type { SyncRefusal } from '../ingest/receive'

/** 96 bits, random: fewer than 2³² answers are ever sealed under one key. */
const nonceBytes = 12

/**
 * The sealed answer, also where the bundle was refused: why is the device's business.
 * Refuses towards the carrier with `parcel.unreadable` and `parcel.key`, and with `api.busy` where it should come again.
 */
export async function answerParcel(cloud: Cloud, bytes: Bytes): Promise<Result<Bytes, Refusal>> {
  const parcel = decodeParcel(bytes)
  if (!parcel.ok) return parcel
  const opened = await openParcel(parcel.value, cloud.sealing.keys)
  if (!opened.ok) return opened
  const received = await answerBundle(cloud, opened.value.bundle)
  if (!received.ok && passing.has(received.error.code)) return err(refusal(received.error.code))
  const answer = received.ok ? ok(newsOf(received.value)) : err(faultOf(received.error))
  const nonce = cloud.random.bytes(nonceBytes)
  return ok(await sealAnswer(parcel.value.label, answer, opened.value.answerKey, nonce))
}

/** Nothing was decided: an answer that says so would only tell the device to wait. */
const passing: ReadonlySet<string> = new Set(['api.busy', 'api.internal', 'api.rate-limited'])

function newsOf(response: SyncResponse): RoadNews {
  const { acknowledgement, ...rest } = response
  const told = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'string' ? signed(value) : (value as readonly string[]).map(signed),
  ])
  return { acknowledgement: signed(acknowledgement), ...(Object.fromEntries(told) as Partial<RoadNews>) }
}

function faultOf({ acknowledgement, trustList, ...fault }: SyncRefusal): Omit<RoadFault, 'detail'> {
  return {
    ...fault,
    ...(acknowledgement === undefined ? {} : { acknowledgement: signed(acknowledgement) }),
    ...(trustList === undefined ? {} : { trustList: signed(trustList) }),
  }
}

function signed(text: string): Bytes {
  const bytes = fromBase64Url(text)
  if (bytes === undefined) throw new Error('The cloud’s own answer is not base64url')
  return bytes
}
