/** The wallet's state as Home shows it. */

import type { HomeReadiness, HomeSession, HomeView } from '@/components/driver/home-screen'
import type { EpochSeconds } from '@/lib/core/units'
import { roomOf, type ChainEntry } from '@/lib/wallet/chain'
import { unreportedCount } from '@/lib/wallet/report'
import { readiness, type Readiness } from '@/lib/wallet/readiness'
import { runningEntries, spendContext, type WalletState } from '@/lib/wallet/wallet-state'
import { chargeRecords } from './charge-records'
import { homeNotice } from './home-notices'
import { siteLabels } from './site-labels'

const receiptsShownMax = 3
const olderShownMax = 4

/** What the page knows and the wallet does not. */
export interface HomeSurroundings {
  readonly online: boolean
  readonly app: Extract<HomeReadiness, { kind: 'ready' }>['app']
}

export function homeView(
  state: WalletState,
  nowS: EpochSeconds,
  { online, app }: HomeSurroundings,
): HomeView {
  const [running, ...older] = runningEntries(state)
  return {
    online,
    readiness: readinessView(state, nowS, app),
    session: running === undefined ? null : sessionPart(running),
    olderSessions: older.slice(0, olderShownMax).map(sessionPart),
    receipts: chargeRecords(state).slice(0, receiptsShownMax),
    unsyncedCount: unreportedCount(state),
    notice: homeNotice(state, nowS),
    nowS,
  }
}

/** Nothing was ever done here: the first screen explains instead of showing zeros. */
export const isFirstRun = (state: WalletState): boolean => state.account === null && state.chains.length === 0

function readinessView(state: WalletState, nowS: EpochSeconds, app: HomeSurroundings['app']): HomeReadiness {
  if (state.trust === null) return empty(state)
  const answer: Readiness = readiness(state.chains, spendContext(state, state.trust, nowS))
  switch (answer.kind) {
    case 'empty':
      return empty(state)
    case 'renewal':
      return {
        kind: 'renewal',
        why: answer.why,
        currency: answer.chain.grant.payload.currency,
        leftMinor: roomOf(answer.chain),
      }
    case 'ready': {
      const [first] = answer.chains
      return {
        kind: 'ready',
        spendableMinor: answer.spendableMinor,
        currency: first?.grant.payload.currency ?? 'EUR',
        untilS: answer.untilS,
        newChargerMinor: answer.newChargerMinor,
        newChargerPasskeyMinor: answer.newChargerPasskeyMinor,
        onlyAt: answer.onlyAt === null ? null : siteLabels(state, answer.onlyAt),
        atSites:
          answer.atSites === null
            ? null
            : {
                siteLabels: siteLabels(state, answer.atSites.siteIds),
                amountMinor: answer.atSites.spendableMinor,
                untilS: answer.atSites.untilS,
              },
        fleetName: first?.fleetName ?? null,
        endsSoon: answer.endsSoon,
        app,
      }
    }
  }
}

const empty = ({ account }: WalletState): HomeReadiness => ({
  kind: 'empty',
  balanceMinor: account?.balanceMinor ?? 0,
  currency: account?.currency ?? 'EUR',
})

const sessionPart = (entry: ChainEntry): HomeSession => ({
  sessionId: entry.sessionId,
  siteLabel: entry.certificate.payload.siteLabel,
  bayLabel: entry.certificate.payload.bayLabel,
  step: entry.state.kind === 'accepted' || entry.status !== null ? 'charging' : 'shown',
  heldMinor: entry.payload.holdMinor,
  currency: entry.offer.payload.tariff.currency,
})
