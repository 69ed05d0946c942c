/**
 * What there is to say about the policy: that the issuer sent one which cannot be lived by, or that the last one ran out.
 * Both are incidents, once each, and stand in health until they are mended. In memory: a restart says it again.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { Knowledge, PolicyRefusal } from './knowledge'
import { overdueS, policyInForce } from './policy-in-force'

export interface PolicyStanding {
  /** Undefined: nothing may be sold. */
  readonly sequence: number | undefined
  readonly endsAtS: EpochSeconds | undefined
  readonly isOverdue: boolean
  /** Bits of `policySwitches`. */
  readonly switches: number
  /** Why a newer one was refused. */
  readonly refused: string | undefined
}

export class PolicyWatch {
  #refused: PolicyRefusal | undefined
  #overdueSaid: number | undefined

  /** True where this is news. */
  noteRefused(refusal: PolicyRefusal): boolean {
    if (refusal.why === this.#refused?.why) return false
    this.#refused = refusal
    return true
  }

  standing(knowledge: Knowledge, nowS: EpochSeconds): PolicyStanding {
    const found = policyInForce(knowledge, nowS)
    const newest = (knowledge.nextPolicy ?? knowledge.policy)?.payload.sequence ?? -1
    const isMended = (this.#refused?.sequence ?? -1) <= newest
    return {
      sequence: found?.policy.sequence,
      endsAtS: found?.policy.notAfterS,
      isOverdue: found?.isOverdue === true,
      switches: found?.policy.switches ?? 0,
      refused: isMended ? undefined : this.#refused?.why,
    }
  }

  /** The line for the journal, the first time that a policy is found to have run out. */
  overdueNews(knowledge: Knowledge, nowS: EpochSeconds): string | undefined {
    const { sequence, endsAtS, isOverdue } = this.standing(knowledge, nowS)
    if (!isOverdue || endsAtS === undefined || sequence === this.#overdueSaid) return undefined
    this.#overdueSaid = sequence
    const goesOnDays = Math.ceil((endsAtS + overdueS - nowS) / 86_400)
    return `policy ${sequence ?? 0} ended at ${endsAtS}; its prices go on for ${goesOnDays} days, with less at stake`
  }
}
