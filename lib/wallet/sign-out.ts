/**
 * Leaving the account on this phone. Credit that was taken along goes back where the operator hears the whole chain;
 * what cannot go back stays usable until its date, and receipts stay here until they are reported, signed in or not.
 */

import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { AccountPort } from './account-port'
import { entryRules, roomOf, type Chain } from './chain'
import type { CloudPort } from './cloud-port'
import { giveBack } from './give-back'
import { isOwnCredit } from './purse'
import { unreportedCount } from './report'
import { withoutSignIn } from './sync'
import type { Wallet } from './wallet'
import { entriesOf, type WalletState } from './wallet-state'

/** What signing out leaves behind, to be told before. */
export interface SignOutFacts {
  /** Of the account's own credit on this phone, what can go back. */
  readonly leftMinor: MinorUnits
  readonly currency: string
  /** Until when it stays usable where it does not go back. */
  readonly untilS: EpochSeconds | null
  /** Sessions whose charger has not said its last word, and what they hold. */
  readonly openCount: number
  readonly heldMinor: MinorUnits
  /** Messages that the operator has not heard yet. */
  readonly unreportedCount: number
}

export function signOutFacts(state: WalletState, nowS: EpochSeconds): SignOutFacts {
  const mine = ownLive(state, nowS)
  const held = entriesOf(state).filter((entry) => entryRules[entry.state.kind].isHeld)
  const ends = mine.map(({ grant }) => grant.payload.notAfterS)
  return {
    leftMinor: minorUnits(mine.reduce((sum, chain) => sum + roomOf(chain), 0)),
    currency: mine[0]?.grant.payload.currency ?? state.account?.currency ?? 'EUR',
    untilS: ends.length === 0 ? null : ends.reduce((last, end) => (end > last ? end : last)),
    openCount: held.length,
    heldMinor: minorUnits(held.reduce((sum, { payload }) => sum + payload.holdMinor, 0)),
    unreportedCount: unreportedCount(state),
  }
}

const ownLive = ({ chains }: WalletState, nowS: EpochSeconds): readonly Chain[] =>
  chains.filter(
    (chain) => isOwnCredit(chain) && chain.closing === null && chain.grant.payload.notAfterS > nowS,
  )

/** Fails only where the operator did not hear of it: then nothing has changed but what went back already. */
export async function signOut(
  wallet: Wallet,
  cloud: CloudPort,
  account: AccountPort,
  givesBack: boolean,
): Promise<Result<void, Refusal>> {
  const before = wallet.snapshot().account
  // First, so that no round of the sync takes along again what is given back here.
  const left = await wallet.apply((state) => ok(withoutSignIn(state)))
  if (!left.ok) return left
  if (givesBack) {
    for (const { serial } of ownLive(wallet.snapshot(), wallet.nowS())) {
      // What a charger still holds, or the operator has not heard of, stays and expires; that is no reason to stay.
      await giveBack(wallet, cloud, account, serial)
    }
  }
  const told = await cloud.signOut()
  if (told.ok) return told
  const undone = await wallet.apply((state) => ok({ ...state, account: before }))
  return undone.ok ? told : undone
}
