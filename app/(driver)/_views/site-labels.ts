/** Names of sites: from the operator's list, else from a charger that was met there, else the short id itself. */

import { entriesOf, type WalletState } from '@/lib/wallet/wallet-state'

export function siteLabels(state: WalletState, siteIds: readonly string[]): readonly string[] {
  return siteIds.map(
    (siteId) =>
      state.siteBook?.sites.find((site) => site.siteId === siteId)?.label ??
      entriesOf(state).find(({ certificate }) => certificate.payload.siteId === siteId)?.certificate.payload
        .siteLabel ??
      siteId,
  )
}
