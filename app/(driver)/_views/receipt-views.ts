/** Receipts as lists and as a whole, checked again from the kept bytes each time one is opened. */

import type { ReceiptView } from '@/components/driver/receipt-screen'
import type { ReceiptListView } from '@/components/driver/receipt-list-screen'
import type { ReceiptSummary } from '@/components/driver/receipt-summary'
import { toBase64Url } from '@/lib/core/bytes'
import { minorUnits, type EpochSeconds } from '@/lib/core/units'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { checkReceiptProof, openReceiptProof, type ProofReport } from '@/lib/policy/receipt-proof'
import { encodeEnvelope, type Envelope } from '@/lib/protocol/envelope'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { releasedOf, type ChainEntry, type EntryState } from '@/lib/wallet/chain'
import { isUnreported } from '@/lib/wallet/report'
import { entriesOf, findEntry, type WalletState } from '@/lib/wallet/wallet-state'
import { operatorName } from './operator-name'

type Finished = ChainEntry & { readonly state: Extract<EntryState, { kind: 'finished' }> }

const isFinished = (entry: ChainEntry): entry is Finished => entry.state.kind === 'finished'

type Unused = ChainEntry & { readonly state: Extract<EntryState, { kind: 'unused' }> }

const isUnused = (entry: ChainEntry): entry is Unused => entry.state.kind === 'unused'

/** Newest first, with what was never used in between: somebody may look for the money that was held for it. */
export const receiptSummaries = (state: WalletState): readonly ReceiptSummary[] =>
  entriesOf(state)
    .filter((entry): entry is Finished | Unused => isFinished(entry) || isUnused(entry))
    .sort((left, right) => right.state.atS - left.state.atS)
    .map((entry) => (isFinished(entry) ? summaryOf(entry) : unusedSummaryOf(entry)))

const unusedSummaryOf = (entry: Unused): ReceiptSummary => ({
  sessionId: entry.sessionId,
  siteLabel: entry.certificate.payload.siteLabel,
  bayLabel: entry.certificate.payload.bayLabel,
  endedAtS: entry.state.atS,
  energyWh: 0,
  totalMinor: 0,
  currency: entry.offer.payload.tariff.currency,
  state: 'unused',
})

export const receiptListView = (state: WalletState, nowS: EpochSeconds): ReceiptListView => ({
  receipts: receiptSummaries(state),
  nowS,
})

function summaryOf(entry: Finished): ReceiptSummary {
  const { payload } = entry.state.receipt
  return {
    sessionId: entry.sessionId,
    siteLabel: entry.certificate.payload.siteLabel,
    bayLabel: entry.certificate.payload.bayLabel,
    endedAtS: clockIsKnown(payload) ? payload.startS + durationOf(payload) : entry.state.atS,
    energyWh: energyOf(payload),
    totalMinor: payload.totalMinor,
    currency: payload.currency,
    state: entry.standing,
  }
}

const clockIsKnown = ({ clockQuality }: Receipt): boolean => clockQuality !== 'unknown'
const durationOf = ({ chargingS, idleS }: Receipt): number => chargingS + idleS
const energyOf = ({ meterStartWh, meterStopWh }: Receipt): number => Math.max(0, meterStopWh - meterStartWh)

const signatureWords = {
  genuine: 'valid',
  'issuer-unknown': 'issuer-unknown',
  refused: 'wrong',
} as const satisfies Record<ProofReport['verdict']['kind'], ReceiptView['signature']>

export function receiptView(state: WalletState, sessionId: string): ReceiptView | undefined {
  const entry = findEntry(state, sessionId)?.entry
  if (entry === undefined || !isFinished(entry)) return undefined
  const proof = openReceiptProof(proofEnvelope(entry))
  const report = proof.ok
    ? checkReceiptProof(proof.value, state.trust?.trustList.payload ?? null, verifyWithNoble)
    : undefined
  return viewOf(entry, report)
}

export function viewOf(entry: Finished, report: ProofReport | undefined): ReceiptView {
  const { payload: certificate } = entry.certificate
  const { payload: receipt } = entry.state.receipt
  const { tariff } = entry.offer.payload
  return {
    ...receiptFigures(receipt),
    sessionId: entry.sessionId,
    state: entry.standing,
    stateAtS: entry.standing === 'saved' ? entry.state.atS : entry.standingAtS,
    siteLabel: certificate.siteLabel,
    bayLabel: certificate.bayLabel,
    chargerId: certificate.chargerId,
    operatorName: operatorName(certificate.operator),
    taxBasisPoints: tariff.taxBasisPoints,
    heldMinor: entry.payload.holdMinor,
    releasedMinor: releasedOf(entry),
    releasedAtS: entry.state.atS,
    refunds: [],
    signature: signatureOf(report),
    recomputedMinor: report?.recomputedMinor ?? minorUnits(0),
    figuresDisagree: entry.disputes.length > 0 || (entry.standing === 'case' && entry.complaint === null),
    complaint: entry.complaint?.reason ?? null,
    complaintReported: !isUnreported(entry),
  }
}

/** A wrong amount under a right signature is said elsewhere on the screen. */
const signatureOf = (report: ProofReport | undefined): ReceiptView['signature'] =>
  report === undefined
    ? 'wrong'
    : report.verdict.kind === 'refused' && report.signatureIsRight
      ? 'valid'
      : signatureWords[report.verdict.kind]

/** What stands in the receipt itself. */
export const receiptFigures = (receipt: Receipt) => ({
  currency: receipt.currency,
  lines: [
    { kind: 'energy' as const, amountMinor: receipt.lines.energyMinor },
    { kind: 'time' as const, amountMinor: receipt.lines.timeMinor },
    { kind: 'session' as const, amountMinor: receipt.lines.sessionMinor },
    { kind: 'idle' as const, amountMinor: receipt.lines.idleMinor },
  ].filter((line) => line.amountMinor > 0),
  totalMinor: receipt.totalMinor,
  taxMinor: receipt.taxMinor,
  energyWh: energyOf(receipt),
  meterStartWh: receipt.meterStartWh,
  meterStopWh: receipt.meterStopWh,
  startS: receipt.startS,
  durationS: durationOf(receipt),
  clockKnown: clockIsKnown(receipt),
  stopReason: receipt.stopReason === 'never-started' ? ('other' as const) : receipt.stopReason,
  receiptNumber: receipt.counter,
})

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
