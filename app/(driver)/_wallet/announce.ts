/**
 * Tells the account that this phone is here and which keys are its own, so that its owner finds it in the list and can
 * block it when it is lost. Once when the app opens, and again whenever another key holds credit.
 */

import { phoneName } from '@/lib/wallet/phone-identity'
import type { Wallet } from '@/lib/wallet/wallet'
import type { WalletState } from '@/lib/wallet/wallet-state'
import { announcePhone } from './account-keys'

const keysMax = 64

/** A fleet's token belongs to the fleet, and who blocks it is its manager. */
const ownKeys = ({ chains }: WalletState): readonly string[] =>
  chains.filter(({ fleetName }) => fleetName === null).map(({ grant }) => grant.payload.deviceKey)

export function startAnnouncing(
  wallet: Wallet,
  phoneId: string,
  onNetworkBack: (again: () => void) => unknown,
): void {
  let told = ''
  let isTelling = false
  const tell = async (): Promise<void> => {
    const state = wallet.snapshot()
    if (state.account?.signedIn !== true) {
      told = ''
      return
    }
    const deviceKeys = ownKeys(state).slice(-keysMax)
    const news = [state.account.accountId, state.passkey?.credentialId, ...deviceKeys].join()
    if (isTelling || news === told) return
    isTelling = true
    const outcome = await announcePhone({ phoneId, name: phoneName(navigator.userAgent), deviceKeys })
    isTelling = false
    // What failed is tried again with the next change, or when the network is back.
    if (outcome.ok) told = news
  }
  wallet.subscribe(() => void tell())
  onNetworkBack(() => void tell())
  void tell()
}
