/** What holds of a session's evidence, in the order in which it is told. Pure. */

import { chargesExactly, recomputeBill } from '@/lib/policy/receipt-bill'
import type { ConsentOrBearer, Receipted } from './session-parts'
import type { LogProof } from './log-proof'
import type { MeterTrace } from './meter-trace'
import type { SignedPiece } from './signed-pieces'

export type CheckName = 'root' | 'signatures' | 'one-session' | 'hold' | 'amount' | 'meter' | 'log' | 'books'
export type Outcome = 'passed' | 'failed' | 'open'

export interface SessionCheck {
  readonly name: CheckName
  readonly outcome: Outcome
}

export interface Examined {
  readonly rootHolds: boolean
  readonly pieces: readonly SignedPiece[]
  readonly consent: ConsentOrBearer | undefined
  readonly receipted: Receipted | undefined
  readonly meter: MeterTrace
  readonly log: readonly LogProof[]
  /** What the session costs by its own row, and what the transfers come to. */
  readonly costMinor: number | null
  readonly transferredMinor: number
}

export function checksOf(examined: Examined): readonly SessionCheck[] {
  const { rootHolds, pieces, consent, receipted, meter, log } = examined
  const check = (name: CheckName, outcome: Outcome): SessionCheck => ({ name, outcome })
  return [
    check('root', passedIf(rootHolds)),
    check('signatures', pieces.length === 0 ? 'open' : passedIf(pieces.every(({ isRight }) => isRight))),
    check(
      'one-session',
      consent === undefined || receipted === undefined
        ? 'open'
        : passedIf(receipted.receipt.sessionId === consent.hash && receipted.offerHash === consent.offerHash),
    ),
    check(
      'hold',
      consent === undefined || receipted === undefined
        ? 'open'
        : passedIf(receipted.receipt.totalMinor <= consent.holdMinor),
    ),
    check('amount', amountOutcome(consent, receipted)),
    check('meter', meterOutcome(meter)),
    check('log', logOutcome(log)),
    check(
      'books',
      examined.costMinor === null ? 'open' : passedIf(examined.costMinor === examined.transferredMinor),
    ),
  ]
}

const passedIf = (holds: boolean): Outcome => (holds ? 'passed' : 'failed')

function amountOutcome(consent: ConsentOrBearer | undefined, receipted: Receipted | undefined): Outcome {
  if (consent === undefined || receipted === undefined) return 'open'
  const { receipt, offer } = receipted
  return passedIf(chargesExactly(receipt, recomputeBill(receipt, offer, consent.holdMinor), offer.tariff))
}

/** Not every meter signs; a fault of the format is a technician's business and proves nothing against the bill. */
function meterOutcome({ records }: MeterTrace): Outcome {
  if (records.length === 0) return 'open'
  if (records.some(({ fault }) => fault === 'signature' || fault === 'key-other')) return 'failed'
  return records.every(({ fault }) => fault === null) ? 'passed' : 'open'
}

function logOutcome(log: readonly LogProof[]): Outcome {
  if (log.length === 0) return 'open'
  if (log.some(({ inclusion, checkpointIsRight }) => inclusion === 'failed' || !checkpointIsRight))
    return 'failed'
  return log.every(({ inclusion }) => inclusion === 'passed') ? 'passed' : 'open'
}
