/**
 * Chargers' bundles, read for the log and the books. Log and money are committed together; the acknowledgement is
 * signed from what is committed. A gap or a fork in the log stops the log, not the money: the checkpoint vouches for
 * what the charger says, and every authorization bears the wallet's own signature.
 */

import { equalBytes, toBytes, type Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, type Result } from '@/lib/core/result'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import type { EventOf } from '@/lib/protocol/journal-event'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import type { Acceptance } from '@/lib/sync/receive'
import {
  readAnswer,
  readConsentUnder,
  readReceipt,
  type BearerEvidence,
  type Evidence,
  type EvidenceContext,
} from './evidence'
import { findingsInLogs, isNote, unknownDevice, type DeviceNote } from './device-findings'
import { extendLogs, type Upload } from './extend-logs'
import type { DeviceGap } from './gap-store'
import { OurGrants } from './our-grants'
import { openBundle, type OpenedBundle } from './read-bundle'
import { readBearer } from './read-bearer'
import {
  isSessionEvent,
  loggedAnswer,
  loggedReceipt,
  offerOf,
  readEvent,
  type SessionEvent,
} from './read-log'
import type { RefusedPiece } from './read-report'
import { refuseItem, type ReadItems } from './read-items'
import type { Contribution } from './reconcile'
import type { Reconciler } from './reconciler'
import {
  type InboxItem,
  type ItemOutcome,
  type LoggedEvent,
  type NewCase,
  type ReconcileTransaction,
} from './store'

/** An event with sessions in it; `logged` where the log holds it now. */
interface Met {
  readonly upload: Upload
  readonly event: SessionEvent
  readonly logged: LoggedEvent | undefined
}

export async function readBundles(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  context: EvidenceContext,
  items: readonly InboxItem[],
): Promise<ReadItems> {
  const { nowS } = context
  const outcomes = new Map<InboxItem, ItemOutcome>()
  const cases: NewCase[] = []
  const refused: RefusedPiece[] = []
  const met: Met[] = []
  const gaps: DeviceGap[] = []
  const notes: DeviceNote[] = []
  const uploads = await openUploads(tx, context, items, outcomes, cases)
  const accepted = await extendLogs(tx, uploads, nowS, cases)
  for (const [upload, acceptance] of accepted) {
    const { device, epoch } = upload.bundle.checkpoint.payload
    const why = acceptance.ok ? {} : { refused: acceptance.error }
    if (upload.item !== undefined) outcomes.set(upload.item, { kind: 'bundle', device, epoch, ...why })
    if (!acceptance.ok && acceptance.error.code === 'device.fork') cases.push(forkCase(upload))
    gaps.push(...gapsOf(upload, acceptance))
    met.push(...eventsOf(upload, acceptance, refused, notes))
  }
  if (gaps.length > 0) await tx.noteGaps(gaps, nowS)
  const contributions = await readEvidence(reconciler, tx, context, met, refused)
  cases.push(
    ...findingsInLogs(
      notes,
      contributions.flatMap(({ piece }) => (piece.kind === 'receipt' ? [piece] : [])),
      nodeMeterCrypto,
    ),
  )
  await tx.quarantine('charger', refused, nowS)
  return { contributions, cases, chargers: uploads.map(deviceOf), outcomes }
}

async function openUploads(
  tx: ReconcileTransaction,
  context: EvidenceContext,
  items: readonly InboxItem[],
  outcomes: Map<InboxItem, ItemOutcome>,
  cases: NewCase[],
): Promise<readonly Upload[]> {
  const opened = items.map((item) => ({ item, result: openBundle(item.bytes, context) }))
  const devices = opened.flatMap(({ result }) => (result.ok ? deviceOf(result.value) : []))
  const enrolled = await tx.certificatesOf([...new Set(devices)])
  const uploads: Upload[] = []
  for (const { item, result } of opened) {
    const known = result.ok ? (enrolled.get(deviceOf(result.value)) ?? []) : []
    if (result.ok && known.length > 0) {
      const { bytes } = result.value.certificate
      const hasOneKey = known.every((other) => equalBytes(other, bytes))
      uploads.push({ item, bytes: item.bytes, ...result.value, certificates: [bytes, ...known], hasOneKey })
    } else {
      const why = result.ok ? refusal('device.unknown') : result.error
      if (result.ok) cases.push(unknownDevice(result.value.bundle, result.value.certificate.bytes))
      outcomes.set(item, await refuseItem(tx, item, why, context.nowS))
    }
  }
  return uploads
}

const deviceOf = ({ bundle }: OpenedBundle): string => bundle.checkpoint.payload.device

function forkCase({ bytes, bundle }: Upload): NewCase {
  const { device, epoch } = bundle.checkpoint.payload
  const evidence = [{ label: 'bundle', bytes }]
  return { kind: 'device-fork', code: 'device.fork', chargerId: device, facts: { epoch }, evidence }
}

/**
 * The events that have to be looked at. Evidence stays in the log where the log holds it, unless the charger has had
 * several keys: then it is kept with the certificate that fits.
 */
function eventsOf(
  upload: Upload,
  acceptance: Result<Acceptance, Refusal>,
  refused: RefusedPiece[],
  notes: DeviceNote[],
): readonly Met[] {
  const { bundle } = upload
  const { device, epoch } = bundle.checkpoint.payload
  const isNew = acceptance.ok && acceptance.value.kind === 'extended'
  const events = isNew ? acceptance.value.events : bundle.events
  const firstSeq = isNew ? acceptance.value.firstSeq : bundle.frontier.size
  const met: Met[] = []
  events.forEach((bytes, index) => {
    const event = readEvent(bytes)
    if (event === undefined) {
      refused.push({ what: 'event', code: 'api.malformed', bytes })
      return
    }
    if (isNote(event)) notes.push({ device, event, bytes })
    if (isSessionEvent(event)) {
      const logged = acceptance.ok && upload.hasOneKey ? { device, epoch, seq: firstSeq + index } : undefined
      met.push({ upload, event, logged })
    }
  })
  return met
}

/** Events that this upload follows and that the log has not got. They may be on another road. */
function gapsOf({ bundle }: Upload, acceptance: Result<Acceptance, Refusal>): readonly DeviceGap[] {
  if (acceptance.ok || acceptance.error.code !== 'device.gap') return []
  const { device, epoch } = bundle.checkpoint.payload
  const missingFrom = Number(acceptance.error.facts?.['size'] ?? 0)
  const proof = bundle.checkpoint.bytes
  return [{ device, what: 'events', epoch, missingFrom, knownTo: bundle.frontier.size, proof }]
}

/** Evidence of the events; the offer of a session that was accepted in an earlier bundle comes from the books. */
async function readEvidence(
  { config, verify, grants = new OurGrants(), verifyVouched = verify }: Reconciler,
  tx: ReconcileTransaction,
  context: EvidenceContext,
  met: readonly Met[],
  refused: RefusedPiece[],
): Promise<readonly Contribution[]> {
  const attached = met.flatMap(({ event }) => ('grant' in event ? [event.grant] : []))
  const ourGrant = await grants.open(tx, attached, config.currency, context)
  const contributions: Contribution[] = []
  const offers = new Map<SessionId, ItsOffer>()
  const take = (
    { upload, logged }: Met,
    what: string,
    bytes: Uint8Array,
    piece: Result<Evidence, Refusal>,
  ): void => {
    if (!piece.ok) refused.push({ what, code: piece.error.code, bytes: toBytes(bytes) })
    else contributions.push({ piece: piece.value, source: 'charger', author: deviceOf(upload), logged })
  }
  for (const one of met) {
    const { event } = one
    if (event.kind === 'ended') continue
    if (event.kind === 'bearer-accepted') {
      const bearer = readBearer(event, one.upload.certificates, context.verify)
      take(one, 'bearer', event.record, bearer)
      if (bearer.ok) offers.set(bearer.value.sessionId, offerBeside(bearer.value))
      continue
    }
    const grant = ourGrant(event.grant)
    const consent = grant.ok
      ? readConsentUnder(event.authorization, grant.value, { verify: verifyVouched })
      : grant
    // Reading the log again does not verify again: only events whose consent held may be read from there.
    const checked = consent.ok ? one : { ...one, logged: undefined }
    take(checked, 'authorization', event.authorization, consent)
    const itsOffer = offerOf(event)
    take(checked, 'answer', event.answer, readItsAnswer(one.upload, event, itsOffer, context))
    if (itsOffer?.ok === true && consent.ok) offers.set(consent.value.sessionId, itsOffer.value)
  }
  const missing = met.flatMap(({ event }) =>
    event.kind === 'ended' && !offers.has(event.sessionId) ? [event.sessionId] : [],
  )
  for (const piece of await tx.loadEvidence([...new Set(missing)])) {
    if (piece.kind === 'consent' || piece.offerBytes === undefined) continue
    const stored = parseMessage(offer, piece.offerBytes)
    if (stored.ok) offers.set(piece.sessionId, stored.value)
  }
  for (const one of met) {
    const { event, upload } = one
    if (event.kind !== 'ended') continue
    const itsOffer = offers.get(event.sessionId)
    const receipt =
      itsOffer === undefined
        ? err(refusal('receipt.session'))
        : readItsReceipt(upload, event, itsOffer, context)
    take(one, 'receipt', event.receipt, receipt)
  }
  return contributions
}

type ItsOffer = Pick<ParsedMessage<Offer>, 'hash' | 'payload' | 'bytes'>

const offerBeside = ({ offerHash: hash, offer: payload, offerBytes: bytes }: BearerEvidence): ItsOffer => ({
  ...{ hash, payload, bytes },
})

function readItsAnswer(
  upload: Upload,
  event: EventOf<'accepted'> | EventOf<'declined'>,
  itsOffer: ReturnType<typeof offerOf>,
  context: EvidenceContext,
): Result<Evidence, Refusal> {
  if (upload.hasOneKey) return loggedAnswer(event, upload.certificate, itsOffer)
  const offered = event.kind === 'accepted' ? event.offer : undefined
  return underAny(upload, (certificate) =>
    readAnswer(event.answer, offered, certificate, context, upload.certificates),
  )
}

function readItsReceipt(
  upload: Upload,
  event: EventOf<'ended'>,
  itsOffer: ItsOffer,
  context: EvidenceContext,
): Result<Evidence, Refusal> {
  if (upload.hasOneKey) return loggedReceipt(event, itsOffer, upload.certificate)
  return underAny(upload, (certificate) =>
    readReceipt(event.receipt, itsOffer.bytes, certificate, context, upload.certificates),
  )
}

/** The first certificate under which it holds; the reason is that of the first. */
function underAny<T>(
  { certificates }: Upload,
  read: (certificate: Bytes) => Result<T, Refusal>,
): Result<T, Refusal> {
  let first: Result<T, Refusal> | undefined
  for (const certificate of certificates) {
    const outcome = read(certificate)
    if (outcome.ok) return outcome
    first ??= outcome
  }
  return first ?? err(refusal('device.unknown'))
}
