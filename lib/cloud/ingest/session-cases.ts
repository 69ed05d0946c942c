/** What people must look at about one session, with everything that was signed about it. */

import type { Evidence } from './evidence'
import { doubts, type Judgement } from './judge'
import type { Settlement } from './settle'
import type { NewCase } from './store'

export function casesOf(
  { mandate: { sessionId: id, serial, by }, charger, final, doubts: found }: Judgement,
  evidence: readonly Evidence[],
  { beyondReserveMinor: lackingMinor }: Settlement,
  closedAfterSeq: number | undefined,
): NewCase[] {
  const seq = by.kind === 'wallet' ? by.consent.authorization.seq : 0
  const isAfterClose = closedAfterSeq !== undefined && seq > closedAfterSeq
  // A card that was spent twice has a case with all its sessions.
  const beyondReserveMinor = by.kind === 'card' ? 0 : lackingMinor
  if (found.length === 0 && beyondReserveMinor === 0 && !isAfterClose) return []
  const about = {
    sessionId: id,
    serial,
    ...(charger === undefined ? {} : { chargerId: charger.id }),
    evidence: evidence.flatMap(signedBytesOf),
  }
  // A decided case is opened anew when these change.
  const facts: Readonly<Record<string, number>> =
    final === undefined ? {} : { owedMinor: final.owedMinor, claimedMinor: final.claimedMinor }
  const cases: NewCase[] = found.map((doubt) => ({ ...about, kind: doubt, code: doubts[doubt], facts }))
  if (isAfterClose) {
    cases.push({ ...about, kind: 'after-close', code: 'grant.closed', facts: { seq } })
  }
  if (beyondReserveMinor > 0) {
    const facts = { beyondMinor: beyondReserveMinor }
    cases.push({ ...about, kind: 'beyond-reserve', code: 'wallet.cap', facts })
  }
  return cases
}

export const signedBytesOf = (piece: Evidence): NewCase['evidence'] =>
  piece.kind === 'consent'
    ? [
        { label: 'authorization', bytes: piece.bytes },
        { label: 'grant', bytes: piece.grantBytes },
      ]
    : piece.kind === 'offer'
      ? [
          { label: 'offer', bytes: piece.bytes },
          { label: 'certificate', bytes: piece.certificateBytes },
        ]
      : [
          { label: piece.kind === 'bearer' ? 'bearer-record' : piece.kind, bytes: piece.bytes },
          ...(piece.kind === 'bearer' ? [{ label: 'voucher', bytes: piece.voucherBytes }] : []),
          { label: 'certificate', bytes: piece.certificateBytes },
          ...(piece.offerBytes === undefined ? [] : [{ label: 'offer', bytes: piece.offerBytes }]),
        ]
