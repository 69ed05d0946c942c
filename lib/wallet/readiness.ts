/** What Home says before anybody stands at a charger: what can be spent offline from this phone, or why nothing can. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { bindingHoldLimit } from '@/lib/policy/hold-limits'
import { isSiteBound } from '@/lib/protocol/messages/grant'
import { roomOf, type Chain, type Closing } from './chain'
import { purseOf } from './purse'
import { dailyRest, exhaustion, preferred, type SpendContext } from './spend-policy'
import { policyAt } from './trust-state'

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
      /** The figure counts at these sites alone; null: at every charger of the operator. */
      readonly onlyAt: readonly string[] | null
      /** What certain sites take beside that figure. */
      readonly atSites: AtSites | null
    }
  | { readonly kind: 'renewal'; readonly chain: Chain; readonly why: RenewalReason }

export interface AtSites {
  readonly siteIds: readonly string[]
  readonly spendableMinor: MinorUnits
  readonly untilS: EpochSeconds
}

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

/** A fleet's grant is closed only when it carries nothing any more: why that is says more than that it was closed. */
function reasonOf(chain: Chain, context: SpendContext): RenewalReason {
  const { closing, fleetName } = chain
  if (closing === null) return whyOf(chain, context)
  const before = fleetName === null ? undefined : exhaustion({ ...chain, closing: null }, context)
  return (before === undefined ? undefined : renewalReasons[before]) ?? closingReason(closing.outcome)
}

/** What Home says: what can be spent offline, and how much of it a charger takes that never saw this wallet. */
export function readiness(chains: readonly Chain[], context: SpendContext): Readiness {
  const usable = preferred(chains, context.payFrom).filter(
    (chain) => exhaustion(chain, context) === undefined,
  )
  const [first] = usable
  if (first !== undefined) {
    const ofOnePayer = usable.filter(
      (chain) =>
        chain.fleetName === first.fleetName && chain.grant.payload.currency === first.grant.payload.currency,
    )
    return readyWith([first, ...ofOnePayer.slice(1)], context)
  }
  // What went back to the account has nothing to be renewed.
  const newest = chains
    .filter(({ closing }) => closing?.outcome !== 'returned')
    .sort((left, right) => right.grant.payload.notBeforeS - left.grant.payload.notBeforeS)[0]
  if (newest === undefined) return { kind: 'empty' }
  return { kind: 'renewal', chain: newest, why: reasonOf(newest, context) }
}

/** Credit that only some sites take must not swell the figure that a driver relies on everywhere. */
function readyWith(all: readonly [Chain, ...Chain[]], context: SpendContext): Readiness {
  const { nowS, hasPasskey } = context
  const bound = all.filter(({ grant }) => isSiteBound(grant.payload))
  const [firstRoaming, ...otherRoaming] = all.filter(({ grant }) => !isSiteBound(grant.payload))
  const chains: readonly [Chain, ...Chain[]] =
    firstRoaming === undefined ? all : [firstRoaming, ...otherRoaming]
  const canStepUp = hasPasskey && chains.some((chain) => chain.grant.payload.passkeyHash !== undefined)
  const most = (stepUp: boolean): MinorUnits =>
    minorUnits(Math.max(...chains.map((chain) => mostAtNewCharger(chain, context, stepUp))))
  const plain = most(false)
  const stepped = most(true)
  const untilS = chains[0].grant.payload.notAfterS
  return {
    kind: 'ready',
    chains,
    spendableMinor: sumOf(chains, nowS),
    newChargerMinor: plain,
    newChargerPasskeyMinor: canStepUp && stepped > plain ? stepped : null,
    untilS,
    endsSoon: untilS - nowS < dayS,
    onlyAt: firstRoaming === undefined ? sitesOf(chains) : null,
    atSites: firstRoaming === undefined || bound.length === 0 ? null : atSites(bound, nowS),
  }
}

function atSites(bound: readonly Chain[], nowS: EpochSeconds): AtSites {
  const ends = bound.map(({ grant: { payload } }) => payload.notAfterS)
  return {
    siteIds: sitesOf(bound),
    spendableMinor: sumOf(bound, nowS),
    untilS: ends.reduce((earliest, end) => (end < earliest ? end : earliest)),
  }
}

const sitesOf = (chains: readonly Chain[]): readonly string[] => [
  ...new Set(chains.flatMap(({ grant: { payload } }) => payload.sites)),
]

const sumOf = (chains: readonly Chain[], nowS: EpochSeconds): MinorUnits =>
  minorUnits(chains.reduce((sum, chain) => sum + spendableOf(chain, nowS), 0))

export const spendableOf = (chain: Chain, nowS: EpochSeconds): number =>
  Math.min(roomOf(chain), dailyRest(chain, nowS) ?? Number.MAX_SAFE_INTEGER)

/** By the very table that chargers refuse by; `siteReserveHeld` where the site is known to keep its own book. */
export function mostAtNewCharger(
  chain: Chain,
  { trust, nowS }: SpendContext,
  stepUp: boolean,
  siteReserveHeld = false,
): number {
  const policy = policyAt(trust, nowS)
  const { maximumMinor } = bindingHoldLimit({
    policy,
    grant: chain.grant.payload,
    offerMaximumMinor: policy.maximumHoldMinor,
    nowS,
    clockQuality: 'synchronised',
    grantRoomMinor: roomOf(chain),
    confirmedHere: false,
    usedHereMinor: minorUnits(0),
    exposureMinor: minorUnits(0),
    stepUp,
    ...(siteReserveHeld && { siteReserveHeld }),
  })
  return Math.min(maximumMinor, spendableOf(chain, nowS))
}

/** The grant that would pay next where nothing else is known: what the wallet marks. */
export const firstPayer = (chains: readonly Chain[], context: SpendContext): Chain | undefined =>
  preferred(chains, context.payFrom).find(
    (chain) => exhaustion(chain, context) === undefined && purseOf(chain) !== 'sites',
  ) ?? preferred(chains, context.payFrom).find((chain) => exhaustion(chain, context) === undefined)
