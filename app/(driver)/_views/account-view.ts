/** The account, and what of it is on this phone. */

import type { AccountGrant, AccountView } from '@/components/driver/account-screen'
import type { EpochSeconds } from '@/lib/core/units'
import { entryRules, roomOf, type Chain } from '@/lib/wallet/chain'
import { signOutFacts } from '@/lib/wallet/sign-out'
import { isRevoked } from '@/lib/wallet/trust-state'
import type { WalletState } from '@/lib/wallet/wallet-state'

/** What the page knows and the wallet does not. */
export type AccountSurroundings = Pick<AccountView, 'online' | 'storageKept' | 'locale' | 'theme'>

export function accountView(
  state: WalletState,
  nowS: EpochSeconds,
  surroundings: AccountSurroundings,
): AccountView {
  const { account } = state
  return {
    ...surroundings,
    account,
    signedIn: account?.signedIn ?? false,
    signOut: signOutFacts(state, nowS),
    grants: state.chains
      .filter((chain) => isWorthShowing(chain, nowS))
      .map((chain) => grantView(chain, state, nowS))
      .reverse(),
    nowS,
  }
}

const monthS = 30 * 86_400

/** Ended grants stay in the list as long as their money may still be on its way back; exchanged ones while a hold is open. */
const isWorthShowing = ({ grant, closing, entries }: Chain, nowS: EpochSeconds): boolean =>
  grant.payload.notAfterS + monthS > nowS &&
  ((closing?.outcome !== 'renewed' && closing?.outcome !== 'returned') ||
    entries.some((entry) => entryRules[entry.state.kind].isHeld))

function grantView(chain: Chain, state: WalletState, nowS: EpochSeconds): AccountGrant {
  const { payload: grant } = chain.grant
  return {
    serial: grant.serial,
    fleetName: chain.fleetName,
    siteLabels: grant.sites.length === 0 ? null : grant.sites,
    capMinor: grant.capMinor,
    leftMinor:
      chain.closing?.outcome === 'renewed' || chain.closing?.outcome === 'returned' ? 0 : roomOf(chain),
    currency: grant.currency,
    expiresAtS: grant.notAfterS,
    state: grantState(chain, state, nowS),
  }
}

function grantState(chain: Chain, { trust }: WalletState, nowS: EpochSeconds): AccountGrant['state'] {
  switch (chain.closing?.outcome) {
    case 'asked':
      return 'closing'
    case 'renewed':
    case 'returned':
      return 'expired'
    case 'contradicted':
      return 'revoked'
    case undefined:
      if (trust !== null && isRevoked(trust, chain.serial)) return 'revoked'
      return chain.grant.payload.notAfterS < nowS ? 'expired' : 'live'
  }
}
