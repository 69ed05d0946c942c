/** The signed pieces of a session, as evidence of a case about it. */

import { sessionId as toSessionId, type OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { loadEvidence } from '../ingest/stored-evidence'
import type { CasePiece } from './file-evidence'

/** A session has one consent, one or two answers and as many receipts; more is somebody's mischief. */
const piecesMax = 32

export async function sessionPieces(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionId: string,
): Promise<readonly CasePiece[]> {
  const evidence = await loadEvidence(tx, tenant, [toSessionId(sessionId)])
  return evidence.slice(0, piecesMax).flatMap((piece) =>
    piece.kind === 'consent'
      ? [
          { label: 'authorization', bytes: piece.bytes },
          { label: 'grant', bytes: piece.grantBytes },
        ]
      : [
          { label: piece.kind === 'bearer' ? 'bearer-record' : piece.kind, bytes: piece.bytes },
          ...(piece.kind === 'bearer' ? [{ label: 'voucher', bytes: piece.voucherBytes }] : []),
          ...(piece.offerBytes === undefined ? [] : [{ label: 'offer', bytes: piece.offerBytes }]),
          { label: 'certificate', bytes: piece.certificateBytes },
        ],
  )
}
