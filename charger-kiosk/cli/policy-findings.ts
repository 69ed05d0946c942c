/** Doctor's question to the policy: does one hold, for how long, and was a newer one refused? */

import type { EpochSeconds } from '@/lib/core/units'
import type { Knowledge } from '../controller/knowledge'
import { overdueS, policyInForce } from '../controller/policy-in-force'
import { broken, doubtful, well, type Finding } from './finding'

const dayS = 86_400
const hear = 'The charger hears of the next one when the cloud answers, or from a phone: give it a network.'

/** @param said what the running controller's health says. */
export function runningPolicyFinding(said: string): Finding {
  switch (said) {
    case 'in force':
      return well('policy', said)
    case 'overdue':
      return doubtful('policy', 'it ran out and goes on for thirty days, with less at stake', hear)
    case 'none':
      return broken('policy', 'none holds: nothing is sold', hear)
    default:
      return doubtful('policy', `refused: ${said}`, 'The last good one sells on. Tell the operator.')
  }
}

export function storedPolicyFinding(
  knowledge: Pick<Knowledge, 'policy' | 'nextPolicy'>,
  nowS: EpochSeconds,
): Finding {
  const found = policyInForce(knowledge, nowS)
  if (found === undefined) return broken('policy', 'none holds: nothing is sold', hear)
  const { sequence, notAfterS } = found.policy
  const endS = found.isOverdue ? notAfterS + overdueS : notAfterS
  const days = Math.floor((endS - nowS) / dayS)
  return found.isOverdue
    ? doubtful('policy', `${sequence} ran out; it goes on for ${days} days, with less at stake`, hear)
    : well('policy', `${sequence}, for ${days} days more`)
}
