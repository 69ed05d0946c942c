/**
 * What the operator tells about sessions after the fact: whether people look at one, and what was given back. It is shown
 * with its dates and moves nothing on this phone: money that comes back is in the account's balance.
 */

import { epochSeconds, minorUnits } from '@/lib/core/units'
import { caseSteps, replaceEntry, type ChainEntry, type FollowUp } from './chain'
import type { SessionNews } from './cloud-port'
import type { JsonReader } from './json-reader'
import { findEntry, replaceChain, type WalletState } from './wallet-state'

/** The very same state where nothing is new. */
export function withSessionNews(state: WalletState, news: readonly SessionNews[]): WalletState {
  let next = state
  for (const session of news) {
    const place = findEntry(next, session.sessionId)
    if (place === undefined) continue
    const followUp = followUpOf(session)
    if (place.entry.followUp !== null && isSame(place.entry.followUp, followUp)) continue
    const chain = replaceEntry(place.chain, place.entry.sessionId, (entry): ChainEntry => ({
      ...entry,
      followUp,
    }))
    next = { ...next, chains: replaceChain(next.chains, chain) }
  }
  return next
}

/** Amounts and times are bounded by their constructors; what does not fit is left out rather than believed. */
function followUpOf({ case: about, refunds, costMinor, byCharger }: SessionNews): FollowUp {
  return {
    case:
      about === null
        ? null
        : {
            state: about.state,
            openedAtS: epochSeconds(Math.max(0, about.openedAtS)),
            changedAtS: epochSeconds(Math.max(0, about.changedAtS)),
          },
    refunds: refunds
      .filter(({ amountMinor }) => amountMinor > 0)
      .map(({ amountMinor, atS }) => ({
        amountMinor: minorUnits(amountMinor),
        atS: epochSeconds(Math.max(0, atS)),
      })),
    costMinor: costMinor === null || costMinor < 0 ? null : minorUnits(costMinor),
    byCharger,
  }
}

const isSame = (left: FollowUp, right: FollowUp): boolean => JSON.stringify(left) === JSON.stringify(right)

/** Corrections of one session; each is a decision of people. */
const refundsMax = 16

/** The field `news` of a report's answer, or of `GET /api/v1/account/disputes`. */
export const readSessionNews = (json: JsonReader, countMax: number): readonly SessionNews[] =>
  json.objects('news', countMax).map((session) => ({
    sessionId: session.text('sessionId'),
    case: session.raw('case') === null ? null : readCase(session.object('case')),
    refunds: session.objects('refunds', refundsMax).map((refund) => ({
      amountMinor: refund.integer('amountMinor'),
      atS: refund.integer('atS'),
    })),
    costMinor: session.raw('costMinor') === null ? null : session.integer('costMinor'),
    byCharger: session.raw('byCharger') === true,
  }))

const readCase = (json: JsonReader): NonNullable<SessionNews['case']> => ({
  state: json.oneOf('state', caseSteps),
  openedAtS: json.integer('openedAtS'),
  changedAtS: json.integer('changedAtS'),
})
