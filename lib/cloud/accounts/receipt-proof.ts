/**
 * A receipt of a driver whose phone has lost it, or never had it: the signed pieces as they came, for anybody to check.
 * What the operator holds is no word of ours: the phone checks it like a receipt from a stranger.
 */

import { toBase64Url } from '@/lib/core/bytes'
import { sessionId, type SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { encodeEnvelope } from '@/lib/protocol/envelope'
import type { ReceiptProofResponse } from '../api-types/wallet'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { loadEvidence } from '../ingest/stored-evidence'
import { walletAccount } from '../ledger/accounts'

/** `api.not-found` also for somebody else's session, and until consent and receipt have arrived. */
export async function receiptProofOf(
  cloud: Cloud,
  accountId: string,
  session: SessionId,
): Promise<Result<ReceiptProofResponse, Refusal>> {
  const { tenant } = cloud.config
  const evidence = await inTenant(cloud.db, tenant, async (tx) => {
    const own = await tx
      .selectFrom('charging_sessions')
      .select('session_id')
      .where('tenant', '=', tenant)
      .where('session_id', '=', session)
      .where('owner', '=', walletAccount(accountId))
      .executeTakeFirst()
    return own === undefined ? [] : loadEvidence(tx, tenant, [sessionId(own.session_id)])
  })
  const consent = evidence.find((piece) => piece.kind === 'consent')
  // Two chargers may claim one session; the receipt is that of the offer which the driver accepted.
  const receipt = evidence.find((piece) => piece.kind === 'receipt' && piece.offerHash === consent?.offerHash)
  if (consent?.kind !== 'consent' || receipt?.kind !== 'receipt') return err(refusal('api.not-found'))
  const parts = [receipt.bytes, receipt.certificateBytes, receipt.offerBytes, consent.bytes]
  return ok({ proof: toBase64Url(encodeEnvelope({ kind: 'receipt-proof', parts })) })
}
