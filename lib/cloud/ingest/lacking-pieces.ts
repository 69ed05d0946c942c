/**
 * What the books hold about a phone's sessions and its report lacked: answers and receipts that came by the charger's
 * road. A receipt that was never scanned reaches the phone this way, and the phone checks it as if it had scanned it.
 */

import { toBase64Url, toHex, type Bytes } from '@/lib/core/bytes'
import { sessionId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReportedAnswer, ReportedReceipt } from '../api-types/wallet'
import type { Evidence } from './evidence'
import type { Chain } from './read-report'
import type { ReconcileTransaction } from './store'

interface Lacking {
  readonly answers: readonly ReportedAnswer[]
  readonly receipts: readonly ReportedReceipt[]
}

export async function lackingPieces(
  tx: ReconcileTransaction,
  sessionIds: readonly string[],
  chains: readonly Chain[],
): Promise<Lacking> {
  const has = new Set(
    chains.flatMap(({ answers, receipts }) => [...answers, ...receipts].map(({ message }) => toHex(message))),
  )
  const evidence = await tx.loadEvidence(sessionIds.map(sessionId))
  const itsOffers = new Map(
    evidence.flatMap((piece) => (piece.kind === 'consent' ? [[piece.sessionId, piece.offerHash]] : [])),
  )
  const lacking = evidence.filter(
    (piece) => itsOffers.get(piece.sessionId) === piece.offerHash && !has.has(toHex(piece.bytes)),
  )
  return {
    answers: proofsOf(lacking, 'answer').map(({ bytes, ...proof }) => ({
      answer: toBase64Url(bytes),
      ...proof,
    })),
    receipts: proofsOf(lacking, 'receipt').map(({ bytes, ...proof }) => ({
      receipt: toBase64Url(bytes),
      ...proof,
    })),
  }
}

interface Proof {
  readonly bytes: Bytes
  readonly certificate: string
  readonly offer: string
}

const proofsOf = (pieces: readonly Evidence[], kind: 'answer' | 'receipt'): readonly Proof[] =>
  pieces
    .flatMap((piece) =>
      piece.kind === kind && piece.offerBytes !== undefined
        ? [
            {
              bytes: piece.bytes,
              certificate: toBase64Url(piece.certificateBytes),
              offer: toBase64Url(piece.offerBytes),
            },
          ]
        : [],
    )
    .slice(0, limits.walletReportEntriesMax)
