/**
 * Evidence as rows. Rows hold only what was verified before it was written, so reading them back parses alone. What a
 * charger's accepted log says is read from the log's own events.
 */

import { sql } from 'kysely'
import { assert } from '@/lib/core/assert'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { sessionId, type OperatorId, type SessionId } from '@/lib/core/ids'
import { parseMessage, type MessageType, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { TenantTransaction } from '../database/connection'
import type { SessionEvidenceRow } from '../database/tables/sessions'
import { describeCharger, evidenceKey, pieceName, type Evidence } from './evidence'
import { evidenceOfEvents, type StoredEvent } from './stored-events'
import type { SourcedPiece } from './store'

/** Rows in one statement; each has up to 11 parameters of PostgreSQL's 65,535. */
const rowsPerInsert = 2_000

/** Writes what is new; pieces that are here already change nothing. */
export async function keepEvidence(
  tx: TenantTransaction,
  tenant: OperatorId,
  pieces: readonly SourcedPiece[],
  nowS: number,
): Promise<void> {
  const rows = pieces
    .map((sourced) => ({ ...sourced, key: evidenceKey(sourced.piece) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ piece, source }) => ({ tenant, source, received_at_s: nowS, ...toRow(piece) }))
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await tx
      .insertInto('session_evidence')
      .values(rows.slice(start, start + rowsPerInsert))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** All that is known of these sessions. */
export async function loadEvidence(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionIds: readonly SessionId[],
): Promise<readonly Evidence[]> {
  if (sessionIds.length === 0) return []
  const { rows } = await sql<EvidenceColumns>`
    select session_id, kind, hash, bytes, grant_bytes, offer_bytes, certificate_bytes
    from session_evidence
    where tenant = ${tenant} and session_id = any(${[...sessionIds]}::text[])
    order by session_id collate "C", kind, hash collate "C"`.execute(tx)
  const kept = rows.map(fromRow)
  const events = await loggedEvents(tx, tenant, sessionIds)
  return events.length === 0 ? kept : [...kept, ...evidenceOfEvents(events, kept)]
}

/** The events that speak of the sessions, each with the one certificate that its charger had. */
async function loggedEvents(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionIds: readonly SessionId[],
): Promise<readonly StoredEvent[]> {
  const { rows } = await sql<{ session_id: string; bytes: Buffer; certificate: Buffer }>`
    select l.session_id, e.bytes, (
      select c.bytes from charger_certificates c
      where c.tenant = ${tenant} and c.charger_id = e.device order by c.not_before_s limit 1
    ) as certificate
    from (
      select session_id, unnest(logged) as name from charging_sessions
      where tenant = ${tenant} and session_id = any(${[...sessionIds]}::text[])
    ) l
    join device_events e on e.tenant = ${tenant} and e.device = split_part(l.name, ' ', 1)
      and e.epoch = split_part(l.name, ' ', 2)::bigint and e.seq = split_part(l.name, ' ', 3)::bigint
    order by e.device collate "C", e.epoch, e.seq`.execute(tx)
  return rows.map((row) => ({
    sessionId: sessionId(row.session_id),
    bytes: toBytes(row.bytes),
    certificate: toBytes(row.certificate),
  }))
}

type EvidenceColumns = Pick<
  SessionEvidenceRow,
  'session_id' | 'kind' | 'hash' | 'bytes' | 'grant_bytes' | 'offer_bytes' | 'certificate_bytes'
>

const bufferOf = (bytes: Bytes | undefined): Buffer | null =>
  bytes === undefined ? null : Buffer.from(bytes)

function toRow(piece: Evidence): EvidenceColumns {
  const common = {
    session_id: piece.sessionId,
    kind: piece.kind,
    hash: pieceName(piece),
    bytes: Buffer.from(piece.bytes),
  }
  return piece.kind === 'consent'
    ? { ...common, grant_bytes: Buffer.from(piece.grantBytes), offer_bytes: null, certificate_bytes: null }
    : {
        ...common,
        grant_bytes: piece.kind === 'bearer' ? Buffer.from(piece.voucherBytes) : null,
        offer_bytes: bufferOf(piece.offerBytes),
        certificate_bytes: Buffer.from(piece.certificateBytes),
      }
}

function fromRow(row: EvidenceColumns): Evidence {
  const id = sessionId(row.session_id)
  if (row.kind === 'consent') {
    const consent = stored(authorization, row.bytes)
    const itsGrant = stored(grant, row.grant_bytes)
    return {
      kind: 'consent',
      sessionId: id,
      hash: consent.hash,
      offerHash: consent.payload.offerHash,
      authorization: consent.payload,
      grant: itsGrant.payload,
      bytes: consent.bytes,
      grantBytes: itsGrant.bytes,
    }
  }
  const certificate = stored(chargerCertificate, row.certificate_bytes)
  const charger = { sessionId: id, ...describeCharger(certificate) }
  const itsOffer = row.offer_bytes === null ? undefined : stored(offer, row.offer_bytes)
  if (row.kind === 'answer') {
    const message = stored(answer, row.bytes)
    return {
      kind: 'answer',
      ...charger,
      answer: message.payload,
      hash: message.hash,
      bytes: message.bytes,
      offerHash: itsOffer?.hash,
      offer: itsOffer?.payload,
      offerBytes: itsOffer?.bytes,
    }
  }
  assert(itsOffer !== undefined, `a stored ${row.kind} has its offer`)
  const ofOffer = { offerHash: itsOffer.hash, offer: itsOffer.payload, offerBytes: itsOffer.bytes }
  if (row.kind === 'offer') {
    return { kind: 'offer', ...charger, ...ofOffer, hash: itsOffer.hash, bytes: itsOffer.bytes }
  }
  if (row.kind === 'bearer') {
    const { hash, bytes, payload: record } = stored(bearerRecord, row.bytes)
    const { siteId } = certificate.payload
    assert(row.grant_bytes !== null, 'a stored bearer has its card')
    const voucherBytes = toBytes(row.grant_bytes)
    return { kind: 'bearer', ...charger, ...ofOffer, hash, bytes, record, siteId, voucherBytes }
  }
  const message = stored(receipt, row.bytes)
  return {
    kind: 'receipt',
    ...charger,
    receipt: message.payload,
    hash: message.hash,
    bytes: message.bytes,
    ...ofOffer,
  }
}

function stored<T>(type: MessageType<T>, bytes: Buffer | null): ParsedMessage<T> {
  assert(bytes !== null, `a stored ${type.name} has its bytes`)
  const parsed = parseMessage(type, toBytes(bytes))
  assert(parsed.ok, `a stored ${type.name} is well formed`)
  return parsed.value
}
