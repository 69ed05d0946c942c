/**
 * One charger bundle into the log and the books. Log and money are committed together; the acknowledgement is signed
 * from what is committed. A gap or a fork in the log stops the log, not the money: every receipt in the bundle bears
 * the charger's own signature and every authorization the wallet's.
 */

import { equalBytes, toBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { acceptBundle, type Acceptance } from '@/lib/sync/receive'
import type { VerifiedBundle } from '@/lib/sync/bundle'
import type { Evidence, EvidenceContext } from './evidence'
import { openBundle, readEnded, readEvents } from './read-bundle'
import { withoutUnknownGrants, type RefusedPiece } from './read-report'
import { reconcile } from './reconcile'
import type { Reconciler } from './reconciler'
import { rememberedVerify } from './remembered-verify'
import type { ItemOutcome, ReconcileTransaction } from './store'

export async function processBundle(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  bytes: Bytes,
): Promise<Result<ItemOutcome, Refusal>> {
  const nowS = reconciler.clock.nowS()
  const context = { trust: (await tx.trust()).list, verify: rememberedVerify(reconciler.verify), nowS }
  const opened = openBundle(bytes, context)
  if (!opened.ok) return opened
  const { bundle, certificate } = opened.value
  const { device, epoch } = bundle.checkpoint.payload
  const enrolled = await tx.certificatesOf(device)
  if (enrolled.length === 0) return err(refusal('device.unknown'))
  const acceptance = await extendLog(tx, bundle, context)
  const events =
    acceptance.ok && acceptance.value.kind === 'extended' ? acceptance.value.events : bundle.events
  const certificates = [certificate.bytes, ...enrolled]
  const { evidence, refused } = await readAll(reconciler, tx, events, certificates, context)
  await tx.quarantine('charger', refused, nowS)
  await reconcile(reconciler, tx, evidence, { source: 'charger', author: device })
  if (!acceptance.ok && acceptance.error.code === 'device.fork') {
    const pieces = [{ label: 'bundle', bytes }]
    const about = { kind: 'device-fork', code: 'device.fork', chargerId: device } as const
    await tx.openCases([{ ...about, facts: { epoch }, evidence: pieces }], nowS)
  }
  return ok({ kind: 'bundle', device, epoch, ...(acceptance.ok ? {} : { refused: acceptance.error }) })
}

/** Locks the device's log and makes it longer by what is new. */
async function extendLog(
  tx: ReconcileTransaction,
  bundle: VerifiedBundle,
  { nowS }: EvidenceContext,
): Promise<Result<Acceptance, Refusal>> {
  const { device, epoch, timeS } = bundle.checkpoint.payload
  const key = { device, epoch }
  const { frontier } = await tx.lockLog(key, nowS)
  const accepted = acceptBundle({ frontier }, bundle)
  if (!accepted.ok) return accepted
  if (await contradicts(tx, bundle, frontier.size))
    return err(refusal('device.fork', { size: frontier.size }))
  if (accepted.value.kind === 'extended') {
    await tx.extendLog(
      {
        ...key,
        firstSeq: accepted.value.firstSeq,
        events: accepted.value.events,
        frontier: accepted.value.frontier,
        checkpoint: bundle.checkpoint.bytes,
        checkpointAtS: timeS,
      },
      nowS,
    )
  }
  return accepted
}

/** Whether the device says something else now about events that it reported before. */
async function contradicts(
  tx: ReconcileTransaction,
  bundle: VerifiedBundle,
  heldSize: number,
): Promise<boolean> {
  const { device, epoch } = bundle.checkpoint.payload
  const first = bundle.frontier.size
  const overlap = bundle.events.slice(0, Math.max(0, heldSize - first))
  if (overlap.length === 0) return false
  const held = await tx.storedEvents({ device, epoch }, first, overlap.length)
  return held.some((bytes, index) => !equalBytes(bytes, overlap[index] ?? new Uint8Array()))
}

/** Evidence of the events; the offer of a session that was accepted in an earlier bundle comes from the books. */
async function readAll(
  { config }: Reconciler,
  tx: ReconcileTransaction,
  events: readonly Bytes[],
  certificates: readonly Bytes[],
  context: EvidenceContext,
): Promise<{ evidence: readonly Evidence[]; refused: readonly RefusedPiece[] }> {
  const read = readEvents(events, certificates, config.currency, context)
  const evidence = [...read.evidence]
  const refused = [...read.refused]
  const offers = await tx.storedOffers([...new Set(read.withoutOffer.map(({ sessionId }) => sessionId))])
  for (const event of read.withoutOffer) {
    const offer = offers.get(event.sessionId)
    const receipt = offer === undefined ? undefined : readEnded(event, offer, certificates, context)
    if (receipt?.ok === true) evidence.push(receipt.value)
    else
      refused.push({
        what: 'receipt',
        code: receipt?.error.code ?? 'receipt.session',
        bytes: toBytes(event.receipt),
      })
  }
  const serials = evidence.flatMap((piece) => (piece.kind === 'consent' ? [piece.grant.serial] : []))
  return withoutUnknownGrants({ grants: [], evidence, refused }, await tx.knownGrants(serials))
}
