/** The wallet's state as its screen shows it. Sums are made for each currency by itself and never across two. */

import type {
  PayChoice,
  WalletCredit,
  WalletGrant,
  WalletGrantState,
  WalletHistory,
  WalletLine,
  WalletView,
} from '@/components/driver/wallet-view'
import type { EpochSeconds } from '@/lib/core/units'
import { entryRules, roomOf, takenBy, type Chain } from '@/lib/wallet/chain'
import type { HistoryLine } from '@/lib/wallet/kept-history'
import { isOwnCredit, purseOf, type PurseId } from '@/lib/wallet/purse'
import { firstPayer } from '@/lib/wallet/readiness'
import { dailyRest, exhaustion } from '@/lib/wallet/spend-policy'
import { isRevoked } from '@/lib/wallet/trust-state'
import { spendContext, type WalletState } from '@/lib/wallet/wallet-state'
import { siteLabels } from './site-labels'

/** What the page knows and the wallet does not. */
export type WalletSurroundings = Pick<WalletView, 'online' | 'historyState' | 'busy' | 'refusal'>

export function walletView(
  state: WalletState,
  nowS: EpochSeconds,
  surroundings: WalletSurroundings,
): WalletView {
  const shown = state.chains.filter((chain) => isWorthShowing(chain, nowS))
  const payer =
    state.trust === null ? undefined : firstPayer(state.chains, spendContext(state, state.trust, nowS))
  const grants = shown.map((chain) => grantView(chain, state, nowS, chain === payer))
  return {
    ...surroundings,
    credits: creditsOf(state, nowS),
    signedIn: state.account?.signedIn ?? false,
    grants: [...grants].sort((left, right) => order(left) - order(right)),
    payChoice: payChoiceOf(state, grants),
    history: state.history === null ? null : historyOf(state.history),
    nowS,
  }
}

/** What pays next stands first, what is over last. */
const order = ({ paysNext, state, kind }: WalletGrant): number =>
  paysNext ? 0 : isAlive(state) ? (kind === 'fleet' ? 1 : kind === 'roaming' ? 2 : 3) : 4

const isAlive = (state: WalletGrantState): boolean => state === 'live' || state === 'expiring'

const monthS = 30 * 86_400

const hasLeft = ({ closing }: Chain): boolean =>
  closing?.outcome !== 'renewed' && closing?.outcome !== 'returned'

/** Ended grants stay as long as their money may still be on its way back; exchanged ones while a hold is open. */
const isWorthShowing = (chain: Chain, nowS: EpochSeconds): boolean =>
  chain.grant.payload.notAfterS + monthS > nowS &&
  (hasLeft(chain) || chain.entries.some((entry) => entryRules[entry.state.kind].isHeld))

export function grantState(chain: Chain, state: WalletState, nowS: EpochSeconds): WalletGrantState {
  const { closing, grant } = chain
  if (closing !== null) return closing.outcome === 'contradicted' ? 'doubted' : 'closing'
  if (state.trust === null) return 'live'
  if (isRevoked(state.trust, chain.serial)) return 'revoked'
  if (grant.payload.notAfterS < nowS) return 'expired'
  if (exhaustion(chain, spendContext(state, state.trust, nowS)) !== undefined) return 'used'
  return grant.payload.notAfterS - nowS < 86_400 ? 'expiring' : 'live'
}

function grantView(chain: Chain, state: WalletState, nowS: EpochSeconds, paysNext: boolean): WalletGrant {
  const { payload: grant } = chain.grant
  const purse = purseOf(chain)
  const kind = purse === 'roaming' || purse === 'sites' ? purse : 'fleet'
  const shown = grantState(chain, state, nowS)
  return {
    serial: grant.serial,
    purse,
    kind,
    fleetName: chain.fleetName,
    siteLabels: grant.sites.length === 0 ? null : siteLabels(state, grant.sites),
    capMinor: grant.capMinor,
    leftMinor: hasLeft(chain) ? roomOf(chain) : 0,
    todayMinor: dailyRest(chain, nowS) ?? null,
    currency: grant.currency,
    untilS: grant.notAfterS,
    spendsLeft: Math.max(0, grant.spendsMax - chain.entries.length),
    state: shown,
    paysNext,
    act: actOf(chain, state, shown),
  }
}

/** A fleet's token is renewed by itself and otherwise the fleet's business; a guest's ends with its session. */
function actOf(chain: Chain, { account }: WalletState, shown: WalletGrantState): WalletGrant['act'] {
  if (!isOwnCredit(chain) || account?.signedIn !== true) return null
  if (shown === 'revoked' || shown === 'doubted') return null
  if (purseOf(chain) === 'sites') return 'give-back'
  return 'renew'
}

function creditsOf(state: WalletState, nowS: EpochSeconds): readonly WalletCredit[] {
  const { account, chains } = state
  const currencies = new Set([
    ...(account === null ? [] : [account.currency]),
    ...chains.filter((chain) => isWorthShowing(chain, nowS)).map(({ grant }) => grant.payload.currency),
  ])
  return [...currencies].map((currency) => {
    const of = chains.filter(({ grant }) => grant.payload.currency === currency)
    const spendable = of.filter((chain) => isAlive(grantState(chain, state, nowS)))
    const hereMinor = sum(spendable.map(roomOf))
    const waitingMinor = sum(of.map(waitingOf))
    const own = of.filter(isOwnCredit)
    const ownMinor = sum(own.filter((chain) => hasLeft(chain)).map(roomOf)) + sum(own.map(waitingOf))
    return {
      currency,
      account:
        account?.currency === currency
          ? {
              balanceMinor: account.balanceMinor,
              elsewhereMinor: Math.max(0, account.reservedMinor - ownMinor),
              asOfS: account.asOfS,
            }
          : null,
      hereMinor,
      waitingMinor,
    }
  })
}

/** Open holds, and what was billed and is not settled. */
const waitingOf = ({ entries }: Chain): number =>
  sum(entries.filter(({ standing }) => standing !== 'settled').map(takenBy))

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

function payChoiceOf({ preferences }: WalletState, grants: readonly WalletGrant[]): PayChoice | null {
  const alive = grants.filter(({ state }) => isAlive(state) || state === 'used')
  const purses = new Map(alive.map((grant) => [grant.purse, grant]))
  if (purses.size < 2) return null
  const chosen = preferences.payFrom
  return {
    value: chosen !== null && purses.has(chosen) ? chosen : automatic,
    options: [
      { value: automatic, kind: 'auto', fleetName: null },
      ...[...purses].map(([value, { kind, fleetName }]) => ({ value, kind, fleetName })),
    ],
  }
}

const automatic = 'auto'

/** What the screen's choice means; null: whichever suits best. */
export const purseChosen = (state: WalletState, value: string): PurseId | null =>
  state.chains.map((chain) => purseOf(chain)).find((purse) => purse === value) ?? null

function historyOf({ lines, asOfS, before }: NonNullable<WalletState['history']>): WalletHistory {
  return { lines: withRenewals(lines).map(lineOf), asOfS, hasOlder: before !== null }
}

interface Shown extends Omit<HistoryLine, 'kind'> {
  readonly kind: WalletLine['kind']
}

/** What came back and went out again in the same moment is one grant that followed another. */
function withRenewals(lines: readonly HistoryLine[]): readonly Shown[] {
  const backs = new Set(lines.filter(({ kind }) => kind === 'given-back').map(({ atS }) => atS))
  const outs = new Set(lines.filter(({ kind }) => kind === 'taken-along').map(({ atS }) => atS))
  return lines
    .filter(({ kind, atS }) => kind !== 'given-back' || !outs.has(atS))
    .map((line) =>
      line.kind === 'taken-along' && backs.has(line.atS) ? { ...line, kind: 'renewed' as const } : line,
    )
}

const lineOf = (line: Shown): WalletLine => ({
  id: line.id,
  kind: line.kind,
  atS: line.atS,
  currency: line.currency,
  amountMinor: line.amountMinor,
  siteLabel: line.siteLabel ?? null,
  releasedMinor:
    line.kind === 'session' && line.heldMinor !== undefined ? line.heldMinor + line.amountMinor : null,
})
