/** The wallet's state and the operator's list of sites as the trip's screens show them. */

import type {
  TakenTrip,
  TripConfirmView,
  TripFigure,
  TripSite,
  TripSitesView,
  TripView,
} from '@/components/driver/trip-view'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { bindingHoldLimit } from '@/lib/policy/hold-limits'
import type { Grant } from '@/lib/protocol/messages/grant'
import { roomOf, type Chain } from '@/lib/wallet/chain'
import { isTripCredit } from '@/lib/wallet/purse'
import { corridor, distanceKm, searchSites, spread, type Site } from '@/lib/wallet/site-book'
import { planTrip, tripSitesMax, type TripPlan } from '@/lib/wallet/trip-order'
import { policyAt } from '@/lib/wallet/trust-state'
import type { WalletState } from '@/lib/wallet/wallet-state'
import { siteLabels } from './site-labels'
import { priceOf } from './usual-stop'
import { grantState } from './wallet-view'

export function tripView(
  state: WalletState,
  nowS: EpochSeconds,
  surroundings: Pick<TripView, 'online' | 'busy' | 'refusal'>,
): TripView {
  return {
    ...surroundings,
    taken: state.chains
      .filter((chain) => isTripCredit(chain) && isHere(chain, nowS))
      .map((chain) => takenTrip(chain, state, nowS))
      .reverse(),
    price: priceOf(state.trust, nowS),
    canOrder:
      state.account?.signedIn !== true
        ? 'signed-out'
        : planTrip(state, null, nowS) === undefined
          ? 'no-funds'
          : 'yes',
    nowS,
  }
}

const weekS = 7 * 86_400

const isHere = ({ closing, grant }: Chain, nowS: EpochSeconds): boolean =>
  closing?.outcome !== 'returned' && closing?.outcome !== 'renewed' && grant.payload.notAfterS + weekS > nowS

function takenTrip(chain: Chain, state: WalletState, nowS: EpochSeconds): TakenTrip {
  const { payload: grant } = chain.grant
  const shown = grantState(chain, state, nowS)
  return {
    serial: grant.serial,
    siteLabels: siteLabels(state, grant.sites),
    leftMinor: roomOf(chain),
    capMinor: grant.capMinor,
    currency: grant.currency,
    untilS: grant.notAfterS,
    state: shown === 'live' || shown === 'expiring' ? 'live' : shown === 'closing' ? 'closing' : 'over',
  }
}

/** What the driver has chosen so far; the page keeps it. */
export interface TripChoice {
  readonly mode: TripSitesView['mode']
  readonly search: string
  readonly fromId: string
  readonly toId: string
  readonly widthKm: number
  readonly siteIds: readonly string[]
}

const widthsKm = [5, 15, 40] as const

export const firstChoice: TripChoice = {
  mode: 'search',
  search: '',
  fromId: '',
  toId: '',
  widthKm: widthsKm[1],
  siteIds: [],
}

export function tripSitesView(
  state: WalletState,
  nowS: EpochSeconds,
  choice: TripChoice,
  online: boolean,
): TripSitesView {
  const sites = state.siteBook?.sites ?? []
  return {
    mode: choice.mode,
    search: choice.search,
    sites: choice.mode === 'way' ? onWay(sites, choice) : byName(sites, choice),
    ends: sites.filter(({ position }) => position !== null),
    fromId: choice.fromId,
    toId: choice.toId,
    widthKm: choice.widthKm,
    widthsKm,
    chosenCount: choice.siteIds.length,
    sitesMax: tripSitesMax,
    asOfS: state.siteBook?.asOfS ?? null,
    online,
    nowS,
  }
}

const rowOf = (site: Site, choice: TripChoice, km: number | null): TripSite => ({
  siteId: site.siteId,
  label: site.label,
  chargers: site.chargers,
  km,
  chosen: choice.siteIds.includes(site.siteId),
})

/** Distances from the first site that was chosen: nobody asks where the phone is. */
function byName(sites: readonly Site[], choice: TripChoice): readonly TripSite[] {
  const origin = sites.find(({ siteId }) => siteId === choice.siteIds[0])?.position ?? null
  return searchSites(sites, choice.search).map((site) =>
    rowOf(site, choice, origin === null || site.position === null ? null : distanceKm(origin, site.position)),
  )
}

const onWay = (sites: readonly Site[], choice: TripChoice): readonly TripSite[] =>
  sitesOnWay(sites, choice).map(({ site, km }) => rowOf(site, choice, km))

function sitesOnWay(sites: readonly Site[], { fromId, toId, widthKm }: TripChoice) {
  const from = sites.find(({ siteId }) => siteId === fromId)
  const to = sites.find(({ siteId }) => siteId === toId)
  return from === undefined || to === undefined ? [] : corridor(sites, from, to, widthKm)
}

/** Another way chooses the sites along it, as many as one grant can name. */
export function withWay(
  state: WalletState,
  choice: TripChoice,
  way: Pick<TripChoice, 'fromId' | 'toId' | 'widthKm'>,
): TripChoice {
  const next = { ...choice, ...way }
  const found = sitesOnWay(state.siteBook?.sites ?? [], next)
  return { ...next, siteIds: spread(found, tripSitesMax).map(({ site }) => site.siteId) }
}

export const withToggled = (choice: TripChoice, siteId: string): TripChoice => ({
  ...choice,
  siteIds: choice.siteIds.includes(siteId)
    ? choice.siteIds.filter((chosen) => chosen !== siteId)
    : [...choice.siteIds, siteId].slice(0, tripSitesMax),
})

export function tripConfirmView(
  state: WalletState,
  nowS: EpochSeconds,
  siteIds: readonly string[],
  wantedMinor: number | null,
  surroundings: Pick<TripConfirmView, 'online' | 'packing' | 'refusal'>,
): TripConfirmView | undefined {
  const plan = planTrip(state, wantedMinor === null ? null : minorUnits(wantedMinor), nowS)
  if (plan === undefined) return undefined
  return {
    ...surroundings,
    ...plan,
    siteLabels: siteLabels(state, siteIds),
    figures: figuresOf(state, plan, siteIds, nowS),
    price: priceOf(state.trust, nowS),
    nowS,
  }
}

/** What a session may hold at the chosen sites, by the very table that the chargers refuse by. */
function figuresOf(
  state: WalletState,
  plan: TripPlan,
  siteIds: readonly string[],
  nowS: EpochSeconds,
): readonly TripFigure[] {
  const own = siteIds.filter((id) => isOwnBook(state, id))
  const others = siteIds.filter((id) => !isOwnBook(state, id))
  const figures: TripFigure[] = []
  const add = (kind: TripFigure['kind'], ids: readonly string[]): void => {
    const plainMinor = sessionMax(state, plan, nowS, kind, false)
    const passkeyMinor = sessionMax(state, plan, nowS, kind, true)
    if (ids.length === 0 || plainMinor === undefined || passkeyMinor === undefined) return
    const canStepUp = state.passkey !== null && passkeyMinor > plainMinor
    figures.push({
      kind,
      siteLabels: siteLabels(state, ids),
      plainMinor,
      passkeyMinor: canStepUp ? passkeyMinor : null,
    })
  }
  add('own-book', own)
  add('new-charger', others)
  return figures
}

const isOwnBook = ({ siteBook }: WalletState, siteId: string): boolean =>
  siteBook?.sites.find((site) => site.siteId === siteId)?.keepsReserve === true

function sessionMax(
  state: WalletState,
  plan: TripPlan,
  nowS: EpochSeconds,
  kind: TripFigure['kind'],
  stepUp: boolean,
): MinorUnits | undefined {
  const { trust, chains, passkey } = state
  if (trust === null) return undefined
  const policy = policyAt(trust, nowS)
  const like = chains.at(-1)?.grant.payload
  if (like === undefined) return undefined
  const { passkeyHash: _own, fleetRules: _rules, ...terms } = like
  const grant: Grant = {
    ...terms,
    capMinor: plan.capMinor,
    sessionCapMinor: plan.capMinor,
    // It will be as new as a grant can be.
    notBeforeS: nowS,
    sites: ['trip' as Grant['sites'][number]],
    ...(passkey !== null && like.passkeyHash !== undefined ? { passkeyHash: like.passkeyHash } : {}),
  }
  return bindingHoldLimit({
    policy,
    grant,
    offerMaximumMinor: policy.maximumHoldMinor,
    nowS,
    clockQuality: 'synchronised',
    grantRoomMinor: plan.capMinor,
    confirmedHere: false,
    usedHereMinor: minorUnits(0),
    exposureMinor: minorUnits(0),
    stepUp,
    siteReserveHeld: kind === 'own-book',
  }).maximumMinor
}
