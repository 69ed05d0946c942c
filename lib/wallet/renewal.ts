/**
 * When the driver's own credit wants another grant, and which grant is given back for it, or for good. A grant that somebody may
 * need in the next minute is left alone; one that is used up, runs out or holds too little is exchanged while there is
 * a connection, so that nobody finds out at a charger.
 */

import type { GrantSerial } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { riskDefaults } from '@/lib/policy/defaults'
import { entryRules, roomOf, type Chain } from './chain'
import { isRoamingCredit, isTripCredit } from './purse'
import { dailyRest, exhaustion } from './spend-policy'
import { isPacking } from './trip-order'
import { spendContext, type WalletState } from './wallet-state'

export type RenewalStep =
  /** Nothing to give back: ask for a grant from the balance. */
  | { readonly kind: 'obtain' }
  /** Close this grant, or go on where the last try broke off, and take the next one for it. */
  | { readonly kind: 'exchange'; readonly serial: GrantSerial }
  /** Its credit returns to the account: nobody needs what was taken along for a trip that is over. */
  | { readonly kind: 'give-back'; readonly serial: GrantSerial }

/** So early before its end a grant is exchanged; one that never had that long, in the last quarter of its life. */
const dayS = 86_400
const endsSoonS = dayS

/** What a round with a connection should do by itself, or undefined when all is well. */
export function renewalDue(state: WalletState, nowS: EpochSeconds): RenewalStep | undefined {
  // Whoever is about to approve needs the very grant that the proposal stands on.
  // What is ordered for a trip is spoken for, wherever it lies in between.
  const isFree = state.ceremony?.kind !== 'approving' && !isPacking(state, nowS)
  return (
    halfwayExchange(state.chains.filter(isRoamingCredit)) ??
    halfwayReturn(state.chains) ??
    (isFree ? ownCreditDue(state, nowS) : undefined) ??
    (isFree ? tripCreditDue(state, nowS) : undefined) ??
    halfwayExchange(state.chains) ??
    (isFree ? fleetCreditDue(state, nowS) : undefined)
  )
}

/** A trip's credit goes home by itself once its grant carries nothing any more. */
function tripCreditDue(state: WalletState, nowS: EpochSeconds): RenewalStep | undefined {
  const { trust, account } = state
  if (trust === null || account?.signedIn !== true) return undefined
  const context = spendContext(state, trust, nowS)
  const over = state.chains.find((chain) => {
    const why = isTripCredit(chain) && chain.closing === null ? exhaustion(chain, context) : undefined
    return (why === 'grant.expired' || why === 'wallet.spends') && nowS < heldUntilS(chain)
  })
  return over === undefined ? undefined : { kind: 'give-back', serial: over.serial }
}

/** Later the operator has released it by itself. */
const heldUntilS = ({ grant: { payload } }: Chain): number =>
  payload.notAfterS + riskDefaults.holdOutlivesGrantDays * dayS

/**
 * A fleet's token ends when its manager said. Its grant goes on when its spends are used up; when its cap is, for the
 * token may have more another month or since its manager added to it; and when the operator revoked it, for the token may
 * go on by other rules. Where nothing is held and nothing can be spent, asking costs the driver nothing.
 */
function fleetCreditDue(state: WalletState, nowS: EpochSeconds): RenewalStep | undefined {
  if (state.trust === null) return undefined
  const context = spendContext(state, state.trust, nowS)
  const goesOn = (chain: Chain): boolean => {
    const why = exhaustion(chain, context)
    if (why === 'wallet.spends') return roomOf(chain) > 0 && dailyRest(chain, nowS) !== 0
    const isIdle = chain.entries.every(({ state: { kind } }) => entryRules[kind].isOver)
    return (why === 'wallet.cap' || why === 'grant.revoked') && isIdle && nowS < chain.grant.payload.notAfterS
  }
  const used = state.chains.find((chain) => chain.fleetName !== null && goesOn(chain))
  return used === undefined ? undefined : { kind: 'exchange', serial: used.serial }
}

function ownCreditDue(state: WalletState, nowS: EpochSeconds): RenewalStep | undefined {
  const { trust, account } = state
  if (trust === null || account?.signedIn !== true) return undefined
  const own = state.chains.filter(isRoamingCredit)
  const context = spendContext(state, trust, nowS)
  const needs = (chain: Chain): boolean => {
    const why = exhaustion(chain, context)
    // Then this phone's clock is slow, and another grant would not help.
    if (why === 'grant.not-yet-valid') return false
    return why !== undefined || endsSoon(chain, nowS) || holdsTooLittle(chain, state)
  }
  if (own.length === 0 || !own.every(needs)) return undefined
  const step = stepFor(state, nowS)
  const backMinor = step.kind === 'exchange' ? roomOfSerial(state, step.serial) : 0
  return account.balanceMinor + backMinor > 0 ? step : undefined
}

/** What a driver who asks for credit gets: an exchange where there is something to give back. */
export function stepFor(state: WalletState, nowS: EpochSeconds): RenewalStep {
  const begun = halfwayExchange(state.chains.filter(isRoamingCredit))
  if (begun !== undefined) return begun
  const { trust } = state
  if (trust === null) return { kind: 'obtain' }
  const context = spendContext(state, trust, nowS)
  const newest = state.chains
    .filter((chain) => isRoamingCredit(chain) && chain.closing === null)
    .sort((left, right) => right.grant.payload.notBeforeS - left.grant.payload.notBeforeS)[0]
  const isRevoked = newest !== undefined && exhaustion(newest, context) === 'grant.revoked'
  return newest === undefined || isRevoked ? { kind: 'obtain' } : { kind: 'exchange', serial: newest.serial }
}

/** Once a close is written down, nothing else leads to the money. */
function halfwayExchange(chains: readonly Chain[]): RenewalStep | undefined {
  const chain = chains.find(({ closing }) => closing?.outcome === 'asked' && closing.renewalKey !== null)
  return chain === undefined ? undefined : { kind: 'exchange', serial: chain.serial }
}

function halfwayReturn(chains: readonly Chain[]): RenewalStep | undefined {
  const chain = chains.find(({ closing }) => closing?.outcome === 'asked' && closing.renewalKey === null)
  return chain === undefined ? undefined : { kind: 'give-back', serial: chain.serial }
}

const endsSoon = ({ grant: { payload } }: Chain, nowS: EpochSeconds): boolean =>
  payload.notAfterS - nowS < Math.min(endsSoonS, (payload.notAfterS - payload.notBeforeS) / 4)

/** Less than a charger accepts of a stranger, while the account could more than double it. */
function holdsTooLittle(chain: Chain, { trust, account }: WalletState): boolean {
  const room = roomOf(chain)
  return room < (trust?.policy.payload.firstSeenCapMinor ?? 0) && (account?.balanceMinor ?? 0) > room
}

const roomOfSerial = ({ chains }: WalletState, serial: GrantSerial): number => {
  const chain = chains.find((candidate) => candidate.serial === serial)
  return chain === undefined ? 0 : roomOf(chain)
}
