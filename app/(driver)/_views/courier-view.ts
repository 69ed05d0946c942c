/** What the phone carries, as its screen shows it. */

import type { CourierView } from '@/components/driver/courier-screen'
import type { EpochSeconds } from '@/lib/core/units'
import { courierLoad } from '@/lib/wallet/courier'
import type { WalletState } from '@/lib/wallet/wallet-state'

export function courierView(state: WalletState, nowS: EpochSeconds): CourierView {
  const load = courierLoad(state, nowS)
  const { isCourier } = state.preferences
  const carried = isCourier ? [load.revocations, load.rules, load.permits] : [load.revocations]
  return { ...load, isCourier, downBytes: carried.reduce((sum, { bytes }) => sum + bytes, 0) }
}
