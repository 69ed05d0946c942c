/** What people ask of their credit: read the account, choose who pays, take along, give back, ask for more. */

import type { GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { currentProposal } from '@/lib/wallet/ceremony'
import { giveBack } from '@/lib/wallet/give-back'
import { withNewestPage, withOlderPage } from '@/lib/wallet/kept-history'
import { takePermits } from '@/lib/wallet/kept-news'
import { takeStep } from '@/lib/wallet/obtain-grant'
import type { Preferences } from '@/lib/wallet/preferences'
import { refreshAccount } from '@/lib/wallet/sync'
import { takeTrip } from '@/lib/wallet/take-trip'
import { orderOf, planTrip } from '@/lib/wallet/trip-order'
import { withPreferences, withTrust } from '@/lib/wallet/wallet-state'
import type { Phone } from './phone-parts'

type Outcome = Promise<Result<void, Refusal>>

export const walletActs = {
  /** The newest page of the account; without a sign-in there is nothing to read. */
  /** Of a session that this phone knows nothing of, as text for `/verify#…`. */
  receiptProof: ({ account }: Phone, sessionId: string): Promise<Result<string, Refusal>> =>
    account.receiptProof(sessionId),
  readHistory: async ({ wallet, account }: Phone): Outcome => {
    const accountId = wallet.snapshot().account?.accountId
    if (accountId === undefined || wallet.snapshot().account?.signedIn !== true) return ok(undefined)
    const page = await account.history(null)
    if (!page.ok) return page
    return wallet.apply((state, { nowS }) =>
      ok({ ...state, history: withNewestPage(state.history, page.value, accountId, nowS) }),
    )
  },
  readOlderHistory: async ({ wallet, account }: Phone): Outcome => {
    const before = wallet.snapshot().history?.before
    if (before === null || before === undefined) return ok(undefined)
    const page = await account.history(before)
    if (!page.ok) return page
    return wallet.apply((state) =>
      // A newest page may have come meanwhile: then this one belongs to another list.
      ok(
        state.history?.before === before
          ? { ...state, history: withOlderPage(state.history, page.value) }
          : state,
      ),
    )
  },
  readSites: async ({ wallet, account }: Phone): Outcome => {
    const sites = await account.sites()
    if (!sites.ok) return sites
    return wallet.apply((state, { nowS }) => ok({ ...state, siteBook: { sites: sites.value, asOfS: nowS } }))
  },
  prefer: ({ wallet }: Phone, change: Partial<Preferences>): Outcome =>
    wallet.apply((state) => ok(withPreferences(state, change))),
  /** Puts away what Home said about low credit: it comes back when there is less. */
  dismissLowCredit: ({ wallet }: Phone, leftMinor: number): Outcome =>
    wallet.apply((state) => ok(withPreferences(state, { lowCreditDismissedMinor: minorUnits(leftMinor) }))),
  sawSettled: ({ wallet }: Phone): Outcome =>
    wallet.apply((state, { nowS }) => ok(withPreferences(state, { settledSeenS: nowS }))),
  renewGrant: async ({ wallet, cloud }: Phone, serial: GrantSerial): Outcome => {
    const renewed = await takeStep(wallet, cloud, { kind: 'exchange', serial })
    return renewed.ok ? refreshAccount(wallet, cloud) : renewed
  },
  giveBackGrant: async ({ wallet, cloud, account }: Phone, serial: GrantSerial): Outcome => {
    const given = await giveBack(wallet, cloud, account, serial)
    return given.ok ? refreshAccount(wallet, cloud) : given
  },
  takeTrip: async (
    { wallet, cloud, account }: Phone,
    siteIds: readonly string[],
    capMinor: number,
  ): Outcome => {
    const balance = await refreshAccount(wallet, cloud)
    if (!balance.ok) return balance
    const plan = planTrip(wallet.snapshot(), minorUnits(capMinor), wallet.nowS())
    // The balance may have changed since the driver looked: nothing else is reserved than what was shown.
    if (plan?.capMinor !== capMinor) return err(refusal('account.insufficient-funds'))
    return takeTrip(wallet, cloud, account, orderOf(plan, siteIds, wallet.nowS()))
  },
  /** For the offer that is being decided: the operator knows what a charger without a link cannot. */
  askMore: async ({ wallet, account }: Phone): Outcome => {
    const proposal = currentProposal(wallet.snapshot(), wallet.nowS())
    if (proposal?.ok !== true) return err(refusal('offer.unknown'))
    const { chain, checked } = proposal.value
    const permit = await account.raise({
      serial: chain.serial,
      chargerId: checked.certificate.payload.chargerId,
      maximumMinor: checked.offer.payload.maximumHoldMinor,
    })
    if (!permit.ok) return permit
    return wallet.apply((state, { nowS, verify }) => {
      const { trust } = state
      if (trust === null) return err(refusal('grant.missing'))
      const issued = { trustList: trust.trustList.payload, nowS, verify }
      const permits = takePermits(trust.permits, [permit.value], issued)
      return ok(permits === trust.permits ? state : withTrust(state, { ...trust, permits }))
    })
  },
} as const
