/** Evidence as rows. Rows hold only what was verified before it was written, so reading them back parses alone. */

import { sql } from 'kysely'
import { assert } from '@/lib/core/assert'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { sessionId, type OperatorId, type SessionId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { parseMessage, type MessageType, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { TenantTransaction } from '../database/connection'
import type { SessionEvidenceRow } from '../database/schema'
import { evidenceKey, pieceName, type Evidence } from './evidence'
import type { EvidenceSource } from './store'

/** Rows in one statement; each has up to 11 parameters of PostgreSQL's 65,535. */
const rowsPerInsert = 2_000

/** Writes what is new; pieces that are here already change nothing. */
export async function keepEvidence(
  tx: TenantTransaction,
  tenant: OperatorId,
  evidence: readonly Evidence[],
  source: EvidenceSource,
  nowS: EpochSeconds,
): Promise<void> {
  const rows = [...evidence]
    .toSorted((left, right) => (evidenceKey(left) < evidenceKey(right) ? -1 : 1))
    .map((piece) => ({ tenant, source, received_at_s: nowS, ...toRow(piece) }))
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
  const { rows } = await sql<EvidenceColumns>`
    select session_id, kind, hash, bytes, grant_bytes, offer_bytes, certificate_bytes
    from session_evidence
    where tenant = ${tenant} and session_id = any(${[...sessionIds]}::text[])
    order by session_id collate "C", kind, hash collate "C"`.execute(tx)
  return rows.map(fromRow)
}

export async function storedOffers(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionIds: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, Bytes>> {
  if (sessionIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('session_evidence')
    .select(['session_id', 'offer_bytes'])
    .where('tenant', '=', tenant)
    .where('session_id', 'in', [...sessionIds])
    .where('offer_bytes', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [sessionId(row.session_id), toBytes(row.offer_bytes ?? [])]))
}

type EvidenceColumns = Pick<
  SessionEvidenceRow,
  'session_id' | 'kind' | 'hash' | 'bytes' | 'grant_bytes' | 'offer_bytes' | 'certificate_bytes'
>

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
        grant_bytes: null,
        offer_bytes: piece.offerBytes === undefined ? null : Buffer.from(piece.offerBytes),
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
  const itsOffer = row.offer_bytes === null ? undefined : stored(offer, row.offer_bytes)
  const charger = {
    sessionId: id,
    chargerId: certificate.payload.chargerId,
    siteLabel: certificate.payload.siteLabel,
    bayLabel: certificate.payload.bayLabel,
    certificateBytes: certificate.bytes,
  }
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
  assert(itsOffer !== undefined, 'a stored receipt has its offer')
  const message = stored(receipt, row.bytes)
  return {
    kind: 'receipt',
    ...charger,
    receipt: message.payload,
    hash: message.hash,
    bytes: message.bytes,
    offerHash: itsOffer.hash,
    offer: itsOffer.payload,
    offerBytes: itsOffer.bytes,
  }
}

function stored<T>(type: MessageType<T>, bytes: Buffer | null): ParsedMessage<T> {
  assert(bytes !== null, `a stored ${type.name} has its bytes`)
  const parsed = parseMessage(type, toBytes(bytes))
  assert(parsed.ok, `a stored ${type.name} is well formed`)
  return parsed.value
}
