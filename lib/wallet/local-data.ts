/** What would be lost if this phone's data were deleted now; said before anybody may do it. */

import { minorUnits, type MinorUnits } from '@/lib/core/units'
import { entryRules } from './chain'
import { unreportedCount } from './report'
import type { WalletState } from './wallet-state'

export interface LocalStakes {
  /** Sessions whose charger has not said its last word, and what is held for them, by currency. */
  readonly openCount: number
  readonly held: readonly { readonly currency: string; readonly amountMinor: MinorUnits }[]
  /** Sessions of which the operator has not got everything. */
  readonly unreported: number
  readonly receipts: number
}

export function localStakes(state: WalletState): LocalStakes {
  const held = new Map<string, number>()
  let openCount = 0
  let receipts = 0
  for (const { grant, entries } of state.chains) {
    for (const entry of entries) {
      if (entry.state.kind === 'finished') receipts += 1
      if (!entryRules[entry.state.kind].isHeld || entry.standing === 'settled') continue
      openCount += 1
      const { currency } = grant.payload
      held.set(currency, (held.get(currency) ?? 0) + entry.payload.holdMinor)
    }
  }
  return {
    openCount,
    held: [...held].map(([currency, amountMinor]) => ({ currency, amountMinor: minorUnits(amountMinor) })),
    unreported: unreportedCount(state),
    receipts,
  }
}
