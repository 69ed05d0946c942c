/**
 * Packs for a trip: makes room in the balance, takes a grant for the chosen sites, and with it the newest trust list,
 * revocations, prices and rules. The order is written down first, so that nothing else takes the credit meanwhile.
 */

import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import type { AccountPort } from './account-port'
import type { CloudPort } from './cloud-port'
import { giveBack } from './give-back'
import { exchangeGrant, obtainGrant } from './obtain-grant'
import { refreshAccount } from './sync'
import type { TripOrder } from './ordered-trip'
import { exchangeableOf } from './trip-order'
import type { Wallet } from './wallet'

export async function takeTrip(
  wallet: Wallet,
  cloud: CloudPort,
  account: AccountPort,
  order: TripOrder,
): Promise<Result<void, Refusal>> {
  const written = await wallet.apply((state) => ok({ ...state, tripOrder: order }))
  if (!written.ok) return written
  const packed = await pack(wallet, cloud, account, order)
  // Whatever came of it is in the balance or on this phone; an order that failed is given anew, with true figures.
  const over = await wallet.apply((state) => ok({ ...state, tripOrder: null }))
  await refreshAccount(wallet, cloud)
  return packed.ok ? over : packed
}

async function pack(
  wallet: Wallet,
  cloud: CloudPort,
  account: AccountPort,
  { siteIds, capMinor, roamingMinor }: TripOrder,
): Promise<Result<void, Refusal>> {
  const roaming = exchangeableOf(wallet.snapshot(), wallet.nowS())
  if (roamingMinor !== null && roaming !== undefined) {
    const divided =
      roamingMinor > 0
        ? await exchangeGrant(wallet, cloud, roaming.serial, { capMinor: roamingMinor })
        : await giveBack(wallet, cloud, account, roaming.serial)
    if (!divided.ok) return divided
  }
  return obtainGrant(wallet, cloud, { sites: siteIds, capMinor })
}
