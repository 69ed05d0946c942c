/** Everything that a decision about a code may ask, read from the shell at one instant. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ChargerFacts } from '@/lib/policy/rule-facts'
import { isAloneAtSite } from '@/lib/protocol/messages/charger-certificate'
import type { AcceptanceFacts } from '../session/acceptance'
import { permits, type Phase } from '../session/connector-state'
import { hindranceOf } from '../session/idle-phases'
import { offerStanding } from '../session/offer-book'
import { noReserve, ownReserve, type SiteReserve } from '../session/site-reserve'
import type { StepUpOrigin } from '../session/step-up'
import { certificateAt, isRevoked } from './knowledge'
import { isVetoed, raisedMinor } from './permits'
import type { Shell } from './shell'

/** The journal of a site's only charger is the site's book; with other chargers beside it, their gateway keeps one. */
export function siteReserveOf(shell: Shell): SiteReserve {
  return ownReserveOf(shell) ?? shell.siteReserve ?? noReserve
}

function ownReserveOf(shell: Shell): SiteReserve | undefined {
  const { payload } = certificateAt(shell.knowledge, shell.time.now().timeS)
  return isAloneAtSite(payload) ? ownReserve((serial) => shell.books.spentAtSite(serial)) : undefined
}

/** What bearers spend stands in no book but the charger's own. */
export function bearerFacts(shell: Shell, stepUp: StepUpOrigin): AcceptanceFacts {
  const own = ownReserveOf(shell) ?? noReserve
  return { ...acceptanceFacts(shell, stepUp), siteReserve: (serial) => own.standing(serial) }
}

export function acceptanceFacts(shell: Shell, stepUp: StepUpOrigin): AcceptanceFacts {
  const { books, knowledge, time: timekeeper, ports } = shell
  const { timeS, clockQuality, monotonicMs } = timekeeper.now()
  const { operator, siteId } = certificateAt(knowledge, timeS).payload
  const time = { nowS: timeS, quality: clockQuality }
  const reserve = siteReserveOf(shell)
  return {
    operator,
    siteId,
    time,
    trust: knowledge.trustList.payload,
    stepUp,
    verify: ports.verify,
    exposureMinor: books.exposureMinor,
    known: (hash) => books.knownAnswer(hash),
    offer: (hash) => offerStanding(shell.offers, hash, monotonicMs),
    chain: (serial) => books.chain(serial),
    usedHere: (serial) => books.usedHere(serial),
    isRevoked: (serial) => isRevoked(knowledge, serial),
    isVetoed: (sessionId, serial) => isVetoed(knowledge.permits, sessionId, serial, time),
    raisedMinor: (serial) => raisedMinor(knowledge.permits, serial, time),
    siteReserve: (serial) => reserve.standing(serial),
    hindrance: (connectorId) => hindranceAt(shell, connectorId),
    ruleFacts: (connectorId) => ruleFactsAt(shell, connectorId),
  }
}

/** Without any word of the issuer yet, this charger has been alone since it was enrolled. */
export function ruleFactsAt(shell: Shell, connectorId: number): ChargerFacts {
  const { timeS } = shell.time.now()
  const heardAtS = shell.time.agreedAtS ?? certificateAt(shell.knowledge, timeS).payload.notBeforeS
  const isOpen = ({ phase }: { readonly phase: Phase }): boolean => permits[phase.kind].open
  return {
    connectorPowerW: shell.bayPowerW(connectorId),
    openSessions: shell.connectors.filter(isOpen).length,
    hoursOffline: shell.isOnline ? 0 : Math.max(0, Math.floor((timeS - heardAtS) / 3_600)),
  }
}

function hindranceAt(shell: Shell, connectorId: number): ReasonCode | undefined {
  const state = shell.connector(connectorId)
  if (state === undefined) return 'charger.unplugged'
  if (permits[state.phase.kind].accept) return undefined
  return state.closedFor ?? hindranceOf(state.hardware) ?? 'charger.busy'
}
