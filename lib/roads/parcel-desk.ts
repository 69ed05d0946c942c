/**
 * A device's counter for carriers: it hands out what the operator has not acknowledged, sealed and in pieces, and takes
 * answers in. It keeps nothing of its own. What was handed out is handed out again, under the same ids, until an
 * acknowledgement says that it arrived: a stick may be lost, and a phone owes nobody anything.
 */

import type { Refusal } from '@/lib/core/reason'
import { refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Seal } from '@/lib/crypto/sealing'
import type { StoredEvent } from '@/lib/journal/journal'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { coversRange, type SeqRange } from '@/lib/sync/held-ranges'
import {
  encodeParcel,
  packParcel,
  type Parcel,
  type ParcelPriority,
  type ParcelSecret,
} from '@/lib/sync/parcel'
import { decodeAnswer, openAnswer } from './parcel-answer'
import {
  cutBundle,
  takeAnswer,
  type Uploaded,
  type UploadFault,
  type UploadParts,
  type UploadTrust,
} from './upload'

export interface ParcelParts extends Pick<
  UploadParts,
  'journal' | 'signer' | 'certificate' | 'verify' | 'held'
> {
  readonly secret: ParcelSecret
  readonly seal: Seal
}

export interface ParcelOrder {
  /** What this carrier takes; the first parcel is given even where it alone is larger than that. */
  readonly bytesMax: number
  readonly countMax: number
  /** Events in one parcel. Parcels begin and end at its multiples, so that each carrier gets the same ones. */
  readonly eventsMax: number
  /** Where it goes on, for whoever takes one parcel after the other. */
  readonly fromSeq?: number
  /** For carriers without room for all: what is urgent goes before the rest. Otherwise the oldest goes first. */
  readonly isUrgentFirst?: boolean
  readonly lifetimeH: number
  readonly nowS: EpochSeconds
}

export interface PackedParcel {
  readonly parcel: Parcel
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly range: SeqRange
}

/**
 * The oldest first; with nothing to hand out one parcel without events, which asks for news.
 * Refuses with `parcel.no-key` while the operator's sealing key is not known here.
 */
export async function packBacklog(
  parts: ParcelParts,
  trust: Pick<UploadTrust, 'trustList'>,
  order: ParcelOrder,
): Promise<Result<readonly PackedParcel[], UploadFault>> {
  const { sealingKey: to } = trust.trustList
  if (to === undefined)
    return err({ ...refusal('parcel.no-key'), detail: 'The trust list names no sealing key' })
  const packed: PackedParcel[] = []
  let room = order.bytesMax
  const ranges = rangesOf(parts, order)
  for (const range of order.isUrgentFirst === true ? urgentFirst(parts, ranges) : ranges) {
    if (packed.length === order.countMax) break
    const next = await packRange(parts, range, order, to)
    if (!next.ok) return next
    room -= next.value.bytes.length
    if (room < 0 && packed.length > 0) break
    packed.push(next.value)
  }
  return ok(packed)
}

async function packRange(
  parts: ParcelParts,
  range: SeqRange,
  { lifetimeH, nowS }: ParcelOrder,
  to: Parameters<typeof packParcel>[0]['to'],
): Promise<Result<PackedParcel, UploadFault>> {
  const read = parts.journal.read(range.from, range.to)
  if (!read.ok) return read
  const last = read.value.at(-1)
  // The time of its last event and not of now: cut again it is the same bundle, and so the same parcel.
  const signedAtS = (last === undefined ? undefined : timeOf(last)) ?? epochSeconds(0)
  const cut = await cutBundle(parts, range.from, last === undefined ? nowS : signedAtS, range.to)
  if (!cut.ok) return cut
  const priority = priorityOf(read.value)
  const { secret, seal } = parts
  const pack = { bundle: cut.value.bytes, secret, to, nowS, lifetimeH, priority }
  const parcel = await packParcel(pack, seal)
  return ok({ parcel, bytes: encodeParcel(parcel), range: { from: range.from, to: cut.value.size } })
}

/** A piece that cannot be read stands where it stood: packing it says why. */
function urgentFirst({ journal }: ParcelParts, ranges: readonly SeqRange[]): readonly SeqRange[] {
  const isUrgent = ({ from, to }: SeqRange): boolean => {
    const read = journal.read(from, to)
    return read.ok && priorityOf(read.value) === 'urgent'
  }
  const urgent = new Set(ranges.filter(isUrgent))
  return [...urgent, ...ranges.filter((range) => !urgent.has(range))]
}

/** From what is acknowledged to the end of the log, in pieces, without what is held. */
function rangesOf({ journal, held: book }: ParcelParts, { eventsMax, fromSeq = 0 }: ParcelOrder): SeqRange[] {
  const held = book?.rangesOf(journal.epoch) ?? []
  const ranges: SeqRange[] = []
  const { acknowledgedSize, purgedSize, size } = journal
  let from = Math.max(acknowledgedSize, purgedSize, fromSeq)
  if (from >= size) return [{ from: size, to: size }]
  while (from < size) {
    const to = Math.min(size, (Math.floor(from / eventsMax) + 1) * eventsMax)
    if (!coversRange(held, { from, to })) ranges.push({ from, to })
    from = to
  }
  return ranges
}

const timeOf = ({ payload }: StoredEvent): EpochSeconds | undefined => {
  const event = decodeJournalEvent(payload)
  return event.ok && 'timeS' in event.value && typeof event.value.timeS === 'number'
    ? epochSeconds(event.value.timeS)
    : undefined
}

/** Money and danger are urgent: whatever holds one of these goes before the rest. */
const urgentKinds: ReadonlySet<string> = new Set(['accepted', 'bearer-accepted', 'ended', 'incident'])

export const priorityOf = (events: readonly { readonly kind: string }[]): ParcelPriority =>
  events.some(({ kind }) => urgentKinds.has(kind)) ? 'urgent' : 'ordinary'

/**
 * An answer that somebody brought. Refuses with `parcel.not-ours` where it is another device's, with `parcel.unreadable`
 * where it is damaged; answers of long ago change nothing and do no harm.
 */
export async function takeParcelAnswer(
  parts: Pick<ParcelParts, 'journal' | 'verify' | 'secret' | 'held'>,
  trust: UploadTrust,
  bytes: Uint8Array,
): Promise<Result<Uploaded, UploadFault>> {
  const answer = decodeAnswer(bytes)
  if (!answer.ok) return err(withDetail(answer.error, 'Not an answer to a parcel'))
  const { id, mailbox } = answer.value.label
  if (mailbox !== parts.secret.mailbox)
    return err(withDetail(refusal('parcel.not-ours'), `For the mailbox ${mailbox}`))
  const opened = await openAnswer(answer.value, parts.secret.answerKeyOf(id))
  return takeAnswer(parts, trust, opened, parts.journal.size)
}

const withDetail = (fault: Refusal, detail: string): UploadFault => ({ ...fault, detail })
