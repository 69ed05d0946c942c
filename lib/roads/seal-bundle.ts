/** One bundle as a parcel, for a carrier that is asked to wait for the answer. */

import type { Bytes } from '@/lib/core/bytes'
import type { ParcelId } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { decodeBundle } from '@/lib/sync/bundle'
import { encodeParcel, packParcel } from '@/lib/sync/parcel'
import { decodeAnswer, openAnswer } from './parcel-answer'
import { priorityOf, type ParcelParts } from './parcel-desk'
import type { RoadFault, RoadNews } from './road'
import type { UploadFault, UploadTrust } from './upload'

export interface SealedBundle {
  readonly id: ParcelId
  readonly bytes: Bytes
  /** What the operator answered to it. */
  open(answer: Uint8Array): Promise<Result<RoadNews, RoadFault>>
}

/** Of weeks, because the carrier may have to keep it after all. */
const lifetimeH = 60 * 24

/** Refuses with `parcel.no-key` while the operator's sealing key is not known here. */
export async function sealBundle(
  { secret, seal }: Pick<ParcelParts, 'secret' | 'seal'>,
  { trustList }: Pick<UploadTrust, 'trustList'>,
  bundle: Bytes,
  nowS: EpochSeconds,
): Promise<Result<SealedBundle, UploadFault>> {
  const { sealingKey: to } = trustList
  if (to === undefined)
    return err({ ...refusal('parcel.no-key'), detail: 'The trust list names no sealing key' })
  const decoded = decodeBundle(bundle)
  const events = decoded.ok ? decoded.value.events.map(decodeJournalEvent) : []
  const priority = priorityOf(events.flatMap((event) => (event.ok ? [event.value] : [])))
  const parcel = await packParcel({ bundle, secret, to, nowS, lifetimeH, priority }, seal)
  const { id } = parcel.label
  return ok({
    id,
    bytes: encodeParcel(parcel),
    open: async (bytes) => {
      const answer = decodeAnswer(bytes)
      return answer.ok
        ? openAnswer(answer.value, secret.answerKeyOf(id))
        : err({ ...answer.error, detail: 'Not an answer to a parcel' })
    },
  })
}
