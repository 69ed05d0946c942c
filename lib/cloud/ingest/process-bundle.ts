/**
 * One charger bundle into the log and the books. Log and money are committed together; the acknowledgement is signed
 * from what is committed. A gap or a fork in the log stops the log, not the money: every receipt in the bundle bears
 * the charger's own signature and every authorization the wallet's.
 */

import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { emptyFrontier, parseFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { parseHash, type Hash } from '@/lib/log/hash'
import type { EventOf } from '@/lib/protocol/journal-event'
import { acceptBundle, type Acceptance } from '@/lib/sync/receive'
import type { VerifiedBundle } from '@/lib/sync/bundle'
import { openCases } from '../cases/commands'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { grantsBySerial, trustOf } from '../issuance/queries'
import type { Evidence, EvidenceContext } from './evidence'
import { quarantine } from './quarantine'
import { openBundle, readEnded, readEvents } from './read-bundle'
import { withoutUnknownGrants, type RefusedPiece } from './read-report'
import { reconcile } from './reconcile'
import { rememberedVerify } from './remembered-verify'

export interface BundleOutcome {
  readonly kind: 'bundle'
  readonly device: string
  readonly epoch: number
  /** Why the log did not take it, if it did not; the money in it is in the books all the same. */
  readonly refused?: Refusal
}

export async function processBundle(
  cloud: Cloud,
  tx: TenantTransaction,
  bytes: Bytes,
): Promise<Result<BundleOutcome, Refusal>> {
  const { tenant } = cloud.config
  const trust = await trustOf(cloud, tx)
  const context = { trust: trust.list, verify: rememberedVerify(cloud.verify), nowS: cloud.clock.nowS() }
  const opened = openBundle(bytes, context)
  if (!opened.ok) return opened
  const { bundle, certificate } = opened.value
  const { device, epoch } = bundle.checkpoint.payload
  const certificates = await certificatesOf(tx, tenant, device, certificate.bytes)
  if (certificates === undefined) return err(refusal('device.unknown'))
  const acceptance = await extendLog(cloud, tx, bundle)
  const events =
    acceptance.ok && acceptance.value.kind === 'extended' ? acceptance.value.events : bundle.events
  const { evidence, refused } = await readAll(cloud, tx, events, certificates, context)
  await quarantine(cloud, tx, 'charger', refused)
  await reconcile(cloud, tx, evidence, { source: 'charger', author: device })
  if (!acceptance.ok && acceptance.error.code === 'device.fork') {
    const pieces = [{ label: 'bundle', bytes }]
    const about = { kind: 'device-fork', code: 'device.fork', chargerId: device } as const
    await openCases(tx, tenant, context.nowS, [{ ...about, facts: { epoch }, evidence: pieces }])
  }
  return ok({ kind: 'bundle', device, epoch, ...(acceptance.ok ? {} : { refused: acceptance.error }) })
}

/** Newest first, the one that the bundle names before all. Undefined for a charger that was never enrolled here. */
async function certificatesOf(
  tx: TenantTransaction,
  tenant: string,
  device: string,
  named: Bytes,
): Promise<readonly Bytes[] | undefined> {
  const rows = await tx
    .selectFrom('charger_certificates')
    .select('bytes')
    .where('tenant', '=', tenant)
    .where('charger_id', '=', device)
    .orderBy('not_before_s', 'desc')
    .limit(16)
    .execute()
  return rows.length === 0 ? undefined : [named, ...rows.map((row) => toBytes(row.bytes))]
}

/** Locks the device's log and makes it longer by what is new. */
async function extendLog(
  cloud: Cloud,
  tx: TenantTransaction,
  bundle: VerifiedBundle,
): Promise<Result<Acceptance, Refusal>> {
  const { tenant } = cloud.config
  const { device, epoch, timeS } = bundle.checkpoint.payload
  const nowS = cloud.clock.nowS()
  await tx
    .insertInto('device_logs')
    .values({
      tenant,
      device,
      epoch,
      size: 0,
      frontier: [],
      root: toHex(rootOf(emptyFrontier)),
      checkpoint: null,
      checkpoint_at_s: 0,
      updated_at_s: nowS,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const held = await tx
    .selectFrom('device_logs')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('device', '=', device)
    .where('epoch', '=', epoch)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const frontier = storedFrontier(held.size, held.frontier)
  const accepted = acceptBundle({ frontier }, bundle)
  if (!accepted.ok) return accepted
  if (await contradicts(tx, tenant, bundle, held.size))
    return err(refusal('device.fork', { size: held.size }))
  if (accepted.value.kind === 'extended') {
    await writeEvents(tx, tenant, bundle, accepted.value)
    await tx
      .updateTable('device_logs')
      .set({
        size: accepted.value.frontier.size,
        frontier: accepted.value.frontier.hashes.map((hash) => Buffer.from(hash)),
        root: toHex(rootOf(accepted.value.frontier)),
        checkpoint: Buffer.from(bundle.checkpoint.bytes),
        checkpoint_at_s: timeS,
        updated_at_s: nowS,
      })
      .where('tenant', '=', tenant)
      .where('device', '=', device)
      .where('epoch', '=', epoch)
      .execute()
  }
  return accepted
}

function storedFrontier(size: number, hashes: readonly Buffer[]): Frontier {
  const parsed = hashes.map((hash): Hash => {
    const value = parseHash(toBytes(hash))
    if (value === undefined) throw new Error('A stored hash has the wrong length')
    return value
  })
  const frontier = parseFrontier(size, parsed)
  if (frontier === undefined) throw new Error(`A stored frontier does not fit its size of ${size}`)
  return frontier
}

/** Whether the device says something else now about events that it reported before. */
async function contradicts(
  tx: TenantTransaction,
  tenant: string,
  bundle: VerifiedBundle,
  heldSize: number,
): Promise<boolean> {
  const { device, epoch } = bundle.checkpoint.payload
  const first = bundle.frontier.size
  const overlap = bundle.events.slice(0, Math.max(0, heldSize - first))
  if (overlap.length === 0) return false
  const rows = await tx
    .selectFrom('device_events')
    .select(['seq', 'bytes'])
    .where('tenant', '=', tenant)
    .where('device', '=', device)
    .where('epoch', '=', epoch)
    .where('seq', '>=', first)
    .where('seq', '<', first + overlap.length)
    .execute()
  return rows.some(({ seq, bytes }) => !bytes.equals(overlap[seq - first] ?? Buffer.alloc(0)))
}

const rowsPerInsert = 2_000

async function writeEvents(
  tx: TenantTransaction,
  tenant: string,
  bundle: VerifiedBundle,
  { firstSeq, events }: Extract<Acceptance, { kind: 'extended' }>,
): Promise<void> {
  const { device, epoch } = bundle.checkpoint.payload
  const rows = events.map((bytes, index) => ({
    tenant,
    device,
    epoch,
    seq: firstSeq + index,
    bytes: Buffer.from(bytes),
  }))
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await tx
      .insertInto('device_events')
      .values(rows.slice(start, start + rowsPerInsert))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** Evidence of the events; the offer of a session that was accepted in an earlier bundle comes from the database. */
async function readAll(
  cloud: Cloud,
  tx: TenantTransaction,
  events: readonly Bytes[],
  certificates: readonly Bytes[],
  context: EvidenceContext,
): Promise<{ evidence: readonly Evidence[]; refused: readonly RefusedPiece[] }> {
  const { tenant, currency } = cloud.config
  const read = readEvents(events, certificates, currency, context)
  const evidence = [...read.evidence]
  const refused = [...read.refused]
  const offers = await storedOffers(tx, tenant, read.withoutOffer)
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
  const known = await grantsBySerial(tx, tenant, serials)
  return withoutUnknownGrants({ grants: [], evidence, refused }, new Set(known.keys()))
}

async function storedOffers(
  tx: TenantTransaction,
  tenant: string,
  events: readonly EventOf<'ended'>[],
): Promise<ReadonlyMap<SessionId, Bytes>> {
  if (events.length === 0) return new Map()
  const rows = await tx
    .selectFrom('session_evidence')
    .select(['session_id', 'offer_bytes'])
    .where('tenant', '=', tenant)
    .where('session_id', 'in', [...new Set(events.map(({ sessionId }) => sessionId))])
    .where('offer_bytes', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [row.session_id as SessionId, toBytes(row.offer_bytes ?? [])]))
}
