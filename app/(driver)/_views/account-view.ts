/** The account's hub, drawn from the wallet. */

import type { AccountView } from '@/components/driver/account-screen'
import type { EpochSeconds } from '@/lib/core/units'
import { signOutFacts } from '@/lib/wallet/sign-out'
import type { WalletState } from '@/lib/wallet/wallet-state'

/** What the page knows and the wallet does not. */
export type AccountSurroundings = Pick<AccountView, 'online' | 'storageKept'>

export const accountView = (
  state: WalletState,
  nowS: EpochSeconds,
  surroundings: AccountSurroundings,
): AccountView => ({
  ...surroundings,
  account: state.account,
  signedIn: state.account?.signedIn ?? false,
  signOut: signOutFacts(state, nowS),
  nowS,
})
