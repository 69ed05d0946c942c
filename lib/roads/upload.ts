/**
 * One attempt to bring the journal forward: cut a bundle, sign its checkpoint, send it, verify what comes back. Only
 * an acknowledgement that an issuer signed changes the journal; the rest of the news is the caller's to verify.
 */

import { toHex, type Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Signer, Verify } from '@/lib/crypto/signature'
import { journalFault, type AcknowledgementOutcome, type Journal } from '@/lib/journal/journal'
import { appendLeaves, rootOf } from '@/lib/log/frontier'
import { equalHashes, leafHash } from '@/lib/log/hash'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import { countThatFits, encodeBundle } from '@/lib/sync/bundle'
import { fromPairs, type HeldBook } from '@/lib/sync/held-ranges'
import type { Road, RoadFault, RoadNews } from './road'

/** Whom to believe: the pinned root, the list known now, and the time where the clock is good enough to judge. */
export interface UploadTrust {
  readonly root: PublicKey
  readonly trustList: TrustList
  readonly atS: EpochSeconds | undefined
}

export interface UploadParts {
  readonly journal: Journal
  readonly signer: Signer
  /** The device's certificate, as bytes. */
  readonly certificate: Uint8Array
  readonly road: Road
  readonly verify: Verify
  /** What the receiver says it holds beyond what it acknowledges is noted here. */
  readonly held?: HeldBook
}

export interface Uploaded {
  /** Size of the log under the checkpoint that was sent. */
  readonly sentSize: number
  /** Size of this log that the receiver holds. */
  readonly heldByReceiver: number
  readonly outcome: AcknowledgementOutcome
  readonly news: RoadNews
}

export interface UploadFault extends Refusal {
  readonly detail: string
  /** What the receiver holds, where it said so: the next attempt starts there. */
  readonly heldByReceiver?: number
  /** Set when the refusal's acknowledgement changed the journal. */
  readonly outcome?: AcknowledgementOutcome
}

export async function uploadOnce(
  parts: UploadParts,
  trust: UploadTrust,
  firstSeq: number,
  timeS: EpochSeconds,
  end?: number,
): Promise<Result<Uploaded, UploadFault>> {
  const { journal, road } = parts
  // A receiver that lost what it acknowledged long ago gets what is left; phones' receipts fill the rest.
  const bundle = await cutBundle(parts, Math.max(firstSeq, journal.purgedSize), timeS, end)
  if (!bundle.ok) return bundle
  return takeAnswer(parts, trust, await road.send(bundle.value.bytes), bundle.value.size)
}

/** What a road brought back: only an acknowledgement that an issuer signed changes the journal. */
export function takeAnswer(
  parts: Pick<UploadParts, 'journal' | 'verify' | 'held'>,
  trust: UploadTrust,
  answer: Result<RoadNews, RoadFault>,
  sentSize: number,
): Result<Uploaded, UploadFault> {
  const { journal } = parts
  if (!answer.ok) {
    const { acknowledgement: bytes, trustList, ...fault } = answer.error
    const told = trustList === undefined ? {} : { trustList }
    const opened =
      bytes === undefined ? undefined : openAcknowledgement(parts, trust, { acknowledgement: bytes, ...told })
    if (opened === undefined) return err({ ...fault, ...heldFact(fault) })
    const outcome = journal.acknowledge(opened)
    if (!outcome.ok) return outcome
    noteHeld(parts, opened.payload)
    return err({ ...fault, heldByReceiver: opened.payload.size, outcome: outcome.value })
  }
  const news = answer.value
  const opened = openAcknowledgement(parts, trust, news)
  if (opened === undefined)
    return err({
      ...refusal('api.malformed'),
      detail: 'The acknowledgement is not for this log or not the issuer’s',
    })
  const outcome = journal.acknowledge(opened)
  if (!outcome.ok) return outcome
  noteHeld(parts, opened.payload)
  return ok({
    sentSize,
    heldByReceiver: opened.payload.size,
    outcome: outcome.value,
    news,
  })
}

const noteHeld = ({ held }: Pick<UploadParts, 'held'>, { epoch, timeS, ranges }: Acknowledgement): void =>
  held?.note(epoch, timeS, fromPairs(ranges))

export interface CutBundle {
  readonly bytes: Bytes
  /** Of the log after its last event. */
  readonly size: number
}

/** As many events from `firstSeq` up to `end` as one bundle holds, under a checkpoint signed at `timeS`. */
export async function cutBundle(
  { journal, signer, certificate }: Pick<UploadParts, 'journal' | 'signer' | 'certificate'>,
  firstSeq: number,
  timeS: EpochSeconds,
  end = journal.size,
): Promise<Result<CutBundle, UploadFault>> {
  const read = journal.read(firstSeq, end)
  if (!read.ok) return read
  const events = read.value.slice(0, countThatFits(read.value)).map(({ payload }) => payload)
  const size = firstSeq + events.length
  const before = journal.frontierAt(firstSeq)
  const after = journal.frontierAt(size)
  if (!before.ok) return before
  if (!after.ok) return after
  const root = rootOf(appendLeaves(before.value, events.map(leafHash)).frontier)
  // A checkpoint over a damaged tree would be evidence against an honest device.
  if (!equalHashes(root, rootOf(after.value)))
    return err(journalFault('damaged', `The tree of ${size} events does not match its events`))
  const { device, epoch } = journal
  try {
    const signed = await signMessage(checkpoint, { device, epoch, size, root: toHex(root), timeS }, signer)
    const bytes = encodeBundle({ checkpoint: signed.bytes, certificate, frontier: before.value, events })
    return ok({ bytes, size })
  } catch (error) {
    // A key store may be locked or unplugged; the journal keeps everything until it is back.
    return err({ ...refusal('charger.controller'), detail: `The key store refused: ${String(error)}` })
  }
}

/** By the list known now, or by the newer one that came along: an issuer's key may just have been rotated. */
function openAcknowledgement(
  { journal, verify }: Pick<UploadParts, 'journal' | 'verify'>,
  { root, trustList, atS }: UploadTrust,
  news: RoadNews,
): VerifiedMessage<Acknowledgement> | undefined {
  const arrived = news.trustList === undefined ? undefined : openTrustList(news.trustList, root, verify)
  const isNewer =
    arrived?.payload.operator === trustList.operator && arrived.payload.sequence > trustList.sequence
  const list = isNewer ? arrived.payload : trustList
  const opened = openIssued(acknowledgement, news.acknowledgement, list, atS, verify)
  // One of an earlier epoch is an old answer that somebody played back; it says nothing about what was sent now.
  const isOurs = opened?.payload.device === journal.device && opened.payload.epoch >= journal.epoch
  return isOurs ? opened : undefined
}

/** A gap names what is held even where no acknowledgement came along; believing it costs only a longer bundle. */
function heldFact(fault: Refusal): { heldByReceiver?: number } {
  const size = fault.code === 'device.gap' ? fault.facts?.['size'] : undefined
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { heldByReceiver: size } : {}
}
