/** Who consented to a session and what was billed for it, picked from all that was said. Pure. */

import type { Offer } from '@/lib/protocol/messages/offer'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import type { Answer } from '@/lib/protocol/messages/answer'
import type { MinorUnits } from '@/lib/core/units'
import type { Evidence } from '../ingest/evidence'

export interface ConsentOrBearer {
  readonly hash: string
  readonly offerHash: string
  readonly holdMinor: MinorUnits
  readonly timeS: number
  readonly by: 'phone' | 'charger'
}

export interface Receipted {
  readonly offerHash: string
  readonly offer: Offer
  readonly receipt: Receipt
}

export interface SessionParts {
  readonly consent: ConsentOrBearer | undefined
  readonly answer: Answer | undefined
  readonly receipted: Receipted | undefined
  readonly offer: Offer | undefined
}

/** Two chargers may claim one session; the receipt is that of the offer which was accepted. */
export function partsOf(evidence: readonly Evidence[]): SessionParts {
  const consent = consentIn(evidence)
  const ofOffer = evidence.filter(
    (piece) => piece.kind !== 'consent' && piece.offerHash === consent?.offerHash,
  )
  const receipted = ofOffer.find((piece) => piece.kind === 'receipt')
  const answered = evidence.find((piece) => piece.kind === 'answer')
  const offered = ofOffer.find((piece) => piece.kind !== 'consent' && piece.offer !== undefined)
  return {
    consent,
    answer: answered?.answer,
    receipted,
    offer: offered === undefined || offered.kind === 'consent' ? undefined : offered.offer,
  }
}

function consentIn(evidence: readonly Evidence[]): ConsentOrBearer | undefined {
  for (const piece of evidence) {
    if (piece.kind === 'consent') {
      const { holdMinor, timeS } = piece.authorization
      return { hash: piece.hash, offerHash: piece.offerHash, holdMinor, timeS, by: 'phone' }
    }
    if (piece.kind === 'bearer') {
      const { holdMinor, timeS } = piece.record
      return { hash: piece.hash, offerHash: piece.offerHash, holdMinor, timeS, by: 'charger' }
    }
  }
  return undefined
}
