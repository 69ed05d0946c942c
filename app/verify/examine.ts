/** From shared text to what the page shows. Loaded when there is something to check, because it brings cryptography. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { verifyWithNoble } from '@/lib/crypto/noble'
import {
  checkReceiptProof,
  openReceiptProof,
  type ProofReport,
  type ReceiptProof,
} from '@/lib/policy/receipt-proof'
import { receiptFromShared } from '@/lib/policy/receipt-text'
import { gatherFrame } from '@/lib/protocol/frames'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { receiptFacts } from '../(driver)/_views/receipt-facts'
import { openPublishedTrust, type PublishedTrust } from './published-trust'
import samples from './samples.json'
import type { CheckedReceipt, UnreadableReceipt, Verdict } from './verify-view'

/** `known` is the operator's trust that this browser keeps, or null before the first visit with a connection. */
export function examine(shared: string, known: PublishedTrust | null): CheckedReceipt | UnreadableReceipt {
  // Charger and app show codes in pieces, a receipt never: whoever holds one up is told so, not of another version.
  const seen = gatherFrame(undefined, shared.trim())
  if (seen.ok && seen.value.kind === 'part') return unreadable('code.wrong-kind')
  const envelope = receiptFromShared(shared)
  if (!envelope.ok) return unreadable(envelope.error)
  const proof = openReceiptProof(envelope.value)
  if (!proof.ok) return unreadable(proof.error)
  for (const [trust, verdict] of [
    [known, 'genuine'],
    [samples.trust, 'sample'],
  ] as const) {
    const list = trust === null ? undefined : openPublishedTrust(trust)
    if (list === undefined) continue
    const report = checkReceiptProof(proof.value, list, verifyWithNoble)
    if (isVouchedFor(report)) return { ...checked(proof.value, report, verdict, list), keysAreKnown: true }
  }
  const report = checkReceiptProof(proof.value, null, verifyWithNoble)
  return { ...checked(proof.value, report, 'unknown', undefined), keysAreKnown: known !== null }
}

const isVouchedFor = ({ checks }: ProofReport): boolean =>
  checks.some(({ name, outcome }) => name === 'issuer' && outcome === 'passed')

const whyUnreadable: Partial<Record<ReasonCode, UnreadableReceipt['why']>> = {
  'code.not-outpost': 'not-receipt',
  'code.version': 'version',
  'code.too-large': 'too-large',
  'code.wrong-kind': 'no-proof',
}

const unreadable = (code: ReasonCode): UnreadableReceipt => ({
  kind: 'unreadable',
  why: whyUnreadable[code] ?? 'damaged',
  code,
})

function checked(
  proof: ReceiptProof,
  { verdict, checks, recomputedMinor }: ProofReport,
  ifSound: Exclude<Verdict, 'refused'>,
  trust: TrustList | undefined,
): Omit<CheckedReceipt, 'keysAreKnown'> {
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  return {
    kind: 'checked',
    verdict: verdict.kind === 'refused' ? 'refused' : ifSound,
    fault:
      verdict.kind === 'refused' && failed !== undefined ? { check: failed.name, code: verdict.code } : null,
    checks,
    facts: receiptFacts(
      {
        receipt: proof.receipt.payload,
        certificate: proof.certificate.payload,
        offer: proof.offer.payload,
        authorization: proof.authorization.payload,
      },
      recomputedMinor,
    ),
    keysAsOfS: trust?.timeS ?? null,
  }
}
