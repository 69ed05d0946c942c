/** One receipt as a whole, checked again from the kept bytes each time it is opened. */

import type { ReceiptView } from '@/components/driver/receipt-view'
import { toBase64Url } from '@/lib/core/bytes'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { checkReceiptProof, openReceiptProof } from '@/lib/policy/receipt-proof'
import { encodeEnvelope, type Envelope } from '@/lib/protocol/envelope'
import { releasedOf } from '@/lib/wallet/chain'
import { isUnreported } from '@/lib/wallet/report'
import { findEntry, type WalletState } from '@/lib/wallet/wallet-state'
import { clockIsKnown, isFinished, type Finished } from './charge-records'
import { receiptFacts } from './receipt-facts'
import { logOf } from './receipt-log'
import { nextOf, storyOf } from './receipt-story'

export function receiptView(state: WalletState, sessionId: string): ReceiptView | undefined {
  const entry = findEntry(state, sessionId)?.entry
  if (entry === undefined || !isFinished(entry)) return undefined
  const proof = openReceiptProof(proofEnvelope(entry))
  const report = proof.ok
    ? checkReceiptProof(proof.value, state.trust?.trustList.payload ?? null, verifyWithNoble)
    : undefined
  const { payload: receipt } = entry.state.receipt
  const { complaint, followUp, standing } = entry
  return {
    facts: receiptFacts(
      {
        receipt,
        certificate: entry.certificate.payload,
        offer: entry.offer.payload,
        authorization: entry.payload,
      },
      report?.recomputedMinor ?? null,
    ),
    state: standing,
    // The pieces were verified when they came; if they no longer open, the receipt's own signature counts as lost.
    checks: report?.checks ?? [{ name: 'receipt-signature', outcome: 'failed' }],
    log: logOf(state, entry),
    isConfirmed: !isUnreported(entry),
    byCharger: followUp?.byCharger ?? null,
    clockKnown: clockIsKnown(receipt),
    figuresDisagree: entry.disputes.length > 0 || (standing === 'case' && complaint === null),
    releasedMinor: releasedOf(entry),
    refundedMinor: followUp?.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0) ?? 0,
    story: storyOf(entry),
    next: nextOf(entry),
    complaint: complaint === null ? null : { reason: complaint.reason, note: complaint.note },
  }
}

const proofEnvelope = (entry: Finished): Envelope => ({
  kind: 'receipt-proof',
  parts: [
    entry.state.receipt.bytes,
    entry.certificate.bytes,
    entry.offer.bytes,
    ...(entry.signed === null ? [] : [entry.signed]),
  ],
})

/** What anybody needs to check the receipt, as text for a link. */
export function receiptProofText(state: WalletState, sessionId: string): string | undefined {
  const entry = findEntry(state, sessionId)?.entry
  return entry !== undefined && isFinished(entry)
    ? toBase64Url(encodeEnvelope(proofEnvelope(entry)))
    : undefined
}
