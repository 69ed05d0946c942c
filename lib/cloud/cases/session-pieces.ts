/** The signed pieces of a session, as evidence of a case about it. */

import { toBytes } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import type { CasePiece } from './file-evidence'

/** A session has one consent, one or two answers and as many receipts; more is somebody's mischief. */
const piecesMax = 32

export async function sessionPieces(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionId: string,
): Promise<readonly CasePiece[]> {
  const rows = await tx
    .selectFrom('session_evidence')
    .select(['kind', 'bytes', 'grant_bytes', 'offer_bytes', 'certificate_bytes'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .orderBy('kind')
    .orderBy('hash')
    .limit(piecesMax)
    .execute()
  const piece = (label: string, bytes: Buffer | null): readonly CasePiece[] =>
    bytes === null ? [] : [{ label, bytes: toBytes(bytes) }]
  return rows.flatMap((row) => [
    ...piece(row.kind === 'consent' ? 'authorization' : row.kind, row.bytes),
    ...piece('grant', row.grant_bytes),
    ...piece('offer', row.offer_bytes),
    ...piece('certificate', row.certificate_bytes),
  ])
}
