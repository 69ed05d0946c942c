/** What Home brings to the driver's notice, most pressing first: one at a time is enough. */

import type { HomeNotice } from '@/components/driver/home-notice'
import type { EpochSeconds } from '@/lib/core/units'
import { sumsByCurrency } from '@/lib/format/history/months'
import { wholeUnits } from '@/lib/policy/defaults'
import { roomOf, type ChainEntry } from '@/lib/wallet/chain'
import { isOwnCredit } from '@/lib/wallet/purse'
import { exhaustion } from '@/lib/wallet/spend-policy'
import { policyAt } from '@/lib/wallet/trust-state'
import { entriesOf, runningEntries, spendContext, type WalletState } from '@/lib/wallet/wallet-state'

export function homeNotice(state: WalletState, nowS: EpochSeconds): HomeNotice | null {
  return missingReceipt(state, nowS) ?? settled(state, nowS) ?? lowCredit(state, nowS)
}

/** Nobody charges longer than this on a road; policies allow more for those who stay over night. */
const usualLongestS = 4 * 3_600
/** A charger answers within seconds. */
const answerPatienceS = 900

function missingReceipt(state: WalletState, nowS: EpochSeconds): HomeNotice | null {
  const { trust } = state
  if (trust === null) return null
  const longestS = Math.min(usualLongestS, policyAt(trust, nowS).sessionDurationMaxS)
  const late = runningEntries(state).find((entry) => {
    const agoS = nowS - entry.payload.timeS
    return isCharging(entry) ? agoS > longestS || isSpent(entry) : agoS > answerPatienceS
  })
  if (late === undefined) return null
  return {
    kind: isCharging(late) ? 'missing-receipt' : 'no-answer',
    sessionId: late.sessionId,
    siteLabel: late.certificate.payload.siteLabel,
    bayLabel: late.certificate.payload.bayLabel,
    sinceS: late.payload.timeS,
  }
}

const isCharging = ({ state, status }: ChainEntry): boolean => state.kind === 'accepted' || status !== null

/** The charger's own figure says that the hold is used up: it has stopped. */
const isSpent = ({ status, payload }: ChainEntry): boolean =>
  status !== null && status.costMinor >= payload.holdMinor

/** Longer ago nobody wonders any more. */
const newsForS = 3 * 86_400

function settled(state: WalletState, nowS: EpochSeconds): HomeNotice | null {
  const seenS = Math.max(state.preferences.settledSeenS ?? 0, nowS - newsForS)
  const receipts = entriesOf(state).flatMap((entry) =>
    entry.state.kind === 'finished' && entry.standing === 'settled' && entry.standingAtS > seenS
      ? [{ entry, receipt: entry.state.receipt.payload }]
      : [],
  )
  const [first] = receipts
  if (first === undefined) return null
  return {
    kind: 'settled',
    count: receipts.length,
    siteLabel: first.entry.certificate.payload.siteLabel,
    sums: sumsByCurrency(receipts.map(({ receipt }) => receipt)),
  }
}

/** Fewer say little about how somebody charges. */
const sessionsCounted = 3

/** Own credit that does not reach for another session like the last ones, or for a charger that is new. */
function lowCredit(state: WalletState, nowS: EpochSeconds): HomeNotice | null {
  const { account, trust, preferences } = state
  if (account === null || trust === null) return null
  const { currency } = account
  const context = spendContext(state, trust, nowS)
  const own = state.chains.filter((chain) => isOwnCredit(chain) && chain.grant.payload.currency === currency)
  const alive = own.filter((chain) => exhaustion(chain, context) === undefined)
  const leftMinor = account.balanceMinor + alive.reduce((sum, chain) => sum + roomOf(chain), 0)
  const bills = own
    .flatMap(({ entries }) => entries)
    .flatMap(({ state: ended }) => (ended.kind === 'finished' ? [ended.receipt.payload.totalMinor] : []))
    .filter((billMinor) => billMinor > 0)
    .slice(-sessionsCounted)
  const usualMinor =
    bills.length < sessionsCounted
      ? null
      : Math.round(bills.reduce((sum, bill) => sum + bill, 0) / bills.length)
  const enoughMinor = Math.max(usualMinor ?? 0, wholeUnits(10, currency))
  if (leftMinor === 0 || leftMinor >= enoughMinor) return null
  const dismissedMinor = preferences.lowCreditDismissedMinor
  if (dismissedMinor !== null && leftMinor >= dismissedMinor) return null
  return { kind: 'low', leftMinor, usualMinor, currency }
}
