/**
 * What this phone carries between the operator and chargers without a link, in figures that a driver can read. All of
 * it is signed by others and names grants by number, nobody by name; changing a byte makes it worthless. Pure.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { isUnreported } from './report'
import { entriesOf, type WalletState } from './wallet-state'

export interface Load {
  readonly count: number
  readonly bytes: number
}

export interface CourierLoad {
  /** Down, to chargers: grants that were taken back, in steps. Shown to every charger in any case. */
  readonly revocations: Load
  /** Down: prices and limits. */
  readonly rules: Load
  /** Down: the issuer's word about other drivers' sessions at certain chargers. */
  readonly permits: Load
  /** Up, to the operator: receipts that it has not confirmed, with what they say about others. */
  readonly receipts: Load
  /** Other wallets that chargers met, as those receipts tell. */
  readonly sightings: number
  /** What came of it: chargers that were shown news and said yes, and receipts that the operator has. */
  readonly chargersHelped: number
  readonly bytesShown: number
  readonly receiptsBrought: number
  readonly sightingsBrought: number
}

const loadOf = (items: readonly { readonly bytes: Uint8Array }[]): Load => ({
  count: items.length,
  bytes: items.reduce((sum, { bytes }) => sum + bytes.length, 0),
})

export function courierLoad(state: WalletState, nowS: EpochSeconds): CourierLoad {
  const { trust } = state
  const entries = entriesOf(state)
  const finished = entries.flatMap((entry) =>
    entry.state.kind === 'finished' ? [{ entry, receipt: entry.state.receipt }] : [],
  )
  const waiting = finished.filter(({ entry }) => isUnreported(entry))
  const brought = finished.filter(({ entry }) => !isUnreported(entry))
  const sightingsIn = (among: typeof finished): number =>
    among.reduce((sum, { receipt }) => sum + (receipt.payload.sightings?.length ?? 0), 0)
  const ownSerials = new Set(state.chains.map(({ serial }) => serial))
  const permits = (trust?.permits ?? []).filter(
    ({ payload }) =>
      payload.notAfterS >= nowS && (payload.serial === undefined || !ownSerials.has(payload.serial)),
  )
  const told = entries.filter(
    ({ newsBytes, state: { kind } }) =>
      newsBytes !== undefined && (kind === 'accepted' || kind === 'finished'),
  )
  return {
    revocations: loadOf(trust?.deltas ?? []),
    rules: loadOf(
      [trust?.policy, trust?.nextPolicy].filter((rules) => rules !== undefined && rules !== null),
    ),
    permits: loadOf(permits),
    receipts: loadOf(waiting.map(({ receipt }) => receipt)),
    sightings: sightingsIn(waiting),
    chargersHelped: new Set(told.map(({ certificate }) => certificate.payload.chargerId)).size,
    bytesShown: told.reduce((sum, { newsBytes = 0 }) => sum + newsBytes, 0),
    receiptsBrought: brought.length,
    sightingsBrought: sightingsIn(brought),
  }
}
