/**
 * What is taken along for a trip, decided before anything moves (PROTOCOL.md, rules of money 11): credit for certain
 * sites comes out of the same balance as credit for everywhere, so the plan says what becomes of both. Pure.
 */

import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { addSeconds } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { roomOf, type Chain } from './chain'
import type { TripOrder } from './ordered-trip'
import { isRoamingCredit } from './purse'
import type { WalletState } from './wallet-state'

/** As many as a grant can name. */
export const tripSitesMax = 8

export interface TripPlan {
  readonly currency: string
  /** What can be divided: the balance, and what the grant for everywhere has left. */
  readonly fundsMinor: MinorUnits
  readonly choicesMinor: readonly MinorUnits[]
  readonly capMinor: MinorUnits
  readonly untilS: EpochSeconds
  readonly roamingBeforeMinor: MinorUnits
  readonly roamingAfterMinor: MinorUnits
  readonly balanceAfterMinor: MinorUnits
  /** The grant for everywhere is exchanged for a smaller one, or given back. */
  readonly needsExchange: boolean
}

/** In whole units of the currency. */
const steps = [25, 50, 100, 150, 200, 300] as const
const suggestedStep = 100

/** Undefined where there is nothing to take along. `wantedMinor` is what the driver chose, if anything. */
export function planTrip(
  state: WalletState,
  wantedMinor: MinorUnits | null,
  nowS: EpochSeconds,
): TripPlan | undefined {
  const { account } = state
  if (account === null) return undefined
  const { currency } = account
  const roaming = exchangeableOf(state, nowS)
  const roamingBeforeMinor = roaming === undefined ? minorUnits(0) : roomOf(roaming)
  const fundsMinor = minorUnits(account.balanceMinor + roamingBeforeMinor)
  const mostMinor = Math.min(wholeUnits(riskDefaults.siteBoundCap, currency), fundsMinor)
  if (mostMinor <= 0) return undefined
  const choicesMinor = [
    ...steps.map((step) => wholeUnits(step, currency)).filter((step) => step < mostMinor),
    minorUnits(mostMinor),
  ]
  const suggested = wantedMinor ?? Math.min(wholeUnits(suggestedStep, currency), Math.floor(fundsMinor / 2))
  const capMinor =
    choicesMinor.findLast((choice) => choice <= suggested) ?? choicesMinor[0] ?? minorUnits(mostMinor)
  const needsExchange = capMinor > account.balanceMinor
  const rest = fundsMinor - capMinor
  const roamingAfterMinor = needsExchange
    ? minorUnits(Math.min(rest, wholeUnits(riskDefaults.roamingCap, currency)))
    : roamingBeforeMinor
  return {
    currency,
    fundsMinor,
    choicesMinor,
    capMinor,
    untilS: addSeconds(nowS, riskDefaults.siteBoundDays * daySeconds),
    roamingBeforeMinor,
    roamingAfterMinor,
    balanceAfterMinor: minorUnits(rest - roamingAfterMinor),
    needsExchange,
  }
}

const daySeconds = 86_400

/** The grant for everywhere whose rest can be divided; one with a running session gives only what that does not hold. */
export const exchangeableOf = ({ chains }: WalletState, nowS: EpochSeconds): Chain | undefined =>
  chains
    .filter((chain) => isRoamingCredit(chain) && chain.closing === null)
    .filter(({ grant: { payload } }) => payload.notAfterS > nowS)
    .sort((left, right) => right.grant.payload.notBeforeS - left.grant.payload.notBeforeS)[0]

export const orderOf = (plan: TripPlan, siteIds: readonly string[], nowS: EpochSeconds): TripOrder => ({
  siteIds: siteIds.slice(0, tripSitesMax),
  capMinor: plan.capMinor,
  roamingMinor: plan.needsExchange ? plan.roamingAfterMinor : null,
  orderedAtS: nowS,
})

/** So long an order keeps other exchanges away; whoever left it unfinished gets the credit back on the next round. */
const patienceS = 600

export const isPacking = ({ tripOrder }: WalletState, nowS: EpochSeconds): boolean =>
  tripOrder !== null && nowS - tripOrder.orderedAtS < patienceS
