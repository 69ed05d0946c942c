/** What Home says before anybody stands at a charger: what can be spent offline from this phone, or why nothing can. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { bindingHoldLimit } from '@/lib/policy/hold-limits'
import { roomOf, type Chain, type Closing } from './chain'
import { dailyRest, exhaustion, preferred, type SpendContext } from './spend-policy'

const dayS = 86_400

export type Readiness =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'ready'
      /** The grants that add up to the figure, of one payer; the first is used first. */
      readonly chains: readonly Chain[]
      readonly spendableMinor: MinorUnits
      readonly newChargerMinor: MinorUnits
      readonly newChargerPasskeyMinor: MinorUnits | null
      readonly untilS: EpochSeconds
      readonly endsSoon: boolean
    }
  | { readonly kind: 'renewal'; readonly chain: Chain; readonly why: RenewalReason }

export type RenewalReason = 'expired' | 'spent' | 'revoked' | 'spends-used' | 'closing' | 'contradicted'

const renewalReasons: Partial<Record<ReasonCode, RenewalReason>> = {
  'grant.expired': 'expired',
  'grant.revoked': 'revoked',
  'wallet.spends': 'spends-used',
  'wallet.cap': 'spent',
}

const whyOf = (chain: Chain, context: SpendContext): RenewalReason =>
  renewalReasons[exhaustion(chain, context) ?? 'grant.expired'] ?? 'expired'

const closingReason = (outcome: Closing['outcome']): RenewalReason =>
  outcome === 'contradicted' ? 'contradicted' : 'closing'

/** What Home says: what can be spent offline, and how much of it a charger takes that never saw this wallet. */
export function readiness(chains: readonly Chain[], context: SpendContext): Readiness {
  const usable = preferred(chains).filter((chain) => exhaustion(chain, context) === undefined)
  const [first] = usable
  if (first !== undefined) {
    const ofOnePayer = usable.filter(
      (chain) =>
        chain.fleetName === first.fleetName && chain.grant.payload.currency === first.grant.payload.currency,
    )
    return readyWith([first, ...ofOnePayer.slice(1)], context)
  }
  const newest = [...chains].sort(
    (left, right) => right.grant.payload.notBeforeS - left.grant.payload.notBeforeS,
  )[0]
  if (newest === undefined) return { kind: 'empty' }
  const why = newest.closing === null ? whyOf(newest, context) : closingReason(newest.closing.outcome)
  return { kind: 'renewal', chain: newest, why }
}

function readyWith(chains: readonly [Chain, ...Chain[]], context: SpendContext): Readiness {
  const { nowS, hasPasskey } = context
  const canStepUp = hasPasskey && chains.some((chain) => chain.grant.payload.passkeyHash !== undefined)
  const most = (stepUp: boolean): MinorUnits =>
    minorUnits(Math.max(...chains.map((chain) => mostAtNewCharger(chain, context, stepUp))))
  const plain = most(false)
  const stepped = most(true)
  const untilS = chains[0].grant.payload.notAfterS
  return {
    kind: 'ready',
    chains,
    spendableMinor: minorUnits(chains.reduce((sum, chain) => sum + spendableOf(chain, nowS), 0)),
    newChargerMinor: plain,
    newChargerPasskeyMinor: canStepUp && stepped > plain ? stepped : null,
    untilS,
    endsSoon: untilS - nowS < dayS,
  }
}

const spendableOf = (chain: Chain, nowS: EpochSeconds): number =>
  Math.min(roomOf(chain), dailyRest(chain, nowS) ?? Number.MAX_SAFE_INTEGER)

function mostAtNewCharger(chain: Chain, { trust, nowS }: SpendContext, stepUp: boolean): number {
  const { maximumMinor } = bindingHoldLimit({
    policy: trust.policy.payload,
    grant: chain.grant.payload,
    offerMaximumMinor: trust.policy.payload.maximumHoldMinor,
    nowS,
    clockQuality: 'synchronised',
    grantRoomMinor: roomOf(chain),
    confirmedHere: false,
    usedHereMinor: minorUnits(0),
    exposureMinor: minorUnits(0),
    stepUp,
  })
  return Math.min(maximumMinor, spendableOf(chain, nowS))
}
