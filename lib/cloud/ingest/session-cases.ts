/** What people must look at about one session, with everything that was signed about it. */

import type { Evidence } from './evidence'
import { doubts, type Judgement } from './judge'
import type { Settlement } from './settle'
import type { NewCase } from './store'

export function casesOf(
  { sessionId: id, consent, charger, final, doubts: found }: Judgement,
  evidence: readonly Evidence[],
  { beyondReserveMinor }: Settlement,
  isAfterClose: boolean,
): NewCase[] {
  if (found.length === 0 && beyondReserveMinor === 0 && !isAfterClose) return []
  const about = {
    sessionId: id,
    serial: consent.grant.serial,
    ...(charger === undefined ? {} : { chargerId: charger.id }),
    evidence: evidence.flatMap(signedBytesOf),
  }
  // A decided case is opened anew when these change.
  const facts: Readonly<Record<string, number>> =
    final === undefined ? {} : { owedMinor: final.owedMinor, claimedMinor: final.claimedMinor }
  const cases: NewCase[] = found.map((doubt) => ({ ...about, kind: doubt, code: doubts[doubt], facts }))
  if (isAfterClose) {
    const facts = { seq: consent.authorization.seq }
    cases.push({ ...about, kind: 'after-close', code: 'grant.closed', facts })
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
          { label: piece.kind, bytes: piece.bytes },
          { label: 'certificate', bytes: piece.certificateBytes },
          ...(piece.offerBytes === undefined ? [] : [{ label: 'offer', bytes: piece.offerBytes }]),
        ]
