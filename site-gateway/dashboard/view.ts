/** What the dashboard, health and metrics say of a running gateway: figures alone, gathered once for each question. */

import type { ChargerId, SiteId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import type { BookDesk, BookView } from '../book/book-desk'
import { pilesOf, type Pile } from '../store/shelf'
import type { ParcelStore } from '../store/parcel-store'
import type { Forwarder, UplinkView } from '../uplink/forwarder'

export interface ChargerView {
  readonly charger: ChargerId
  readonly seenAtS: EpochSeconds
  readonly keptCount: number
  /** Spends that it told this run of the gateway. */
  readonly toldSpends: number
  readonly hasToldAll: boolean
}

export interface GatewayView {
  readonly nowS: EpochSeconds
  readonly site: SiteId
  readonly version: string
  readonly pin: string
  readonly uplink: UplinkView
  readonly piles: readonly Pile[]
  readonly storeBytesMax: number
  readonly answersCount: number
  /** The longest unseen first: that is the one to look at. */
  readonly chargers: readonly ChargerView[]
  readonly book: Omit<BookView, 'tellers'>
}

export interface ViewSources {
  readonly store: ParcelStore
  readonly book: Pick<BookDesk, 'view'>
  readonly forwarder: Forwarder
  readonly facts: Pick<GatewayView, 'site' | 'version' | 'pin' | 'storeBytesMax'>
}

export function gatewayView({ store, forwarder, book, facts }: ViewSources, nowS: EpochSeconds): GatewayView {
  const { shelf } = store
  const { tellers, ...known } = book.view
  const chargers = [...store.seen]
    .map(([charger, seenAtS]) => ({
      charger,
      seenAtS,
      keptCount: shelf.filter((parcel) => parcel.charger === charger).length,
      toldSpends: tellers.get(charger)?.spends ?? 0,
      hasToldAll: tellers.get(charger)?.hasToldAll ?? false,
    }))
    .sort((one, other) => one.seenAtS - other.seenAtS || (one.charger < other.charger ? -1 : 1))
  return {
    ...{ nowS, ...facts, uplink: forwarder.view, piles: pilesOf(shelf), chargers },
    answersCount: store.countAnswers(),
    book: known,
  }
}

export const oldestOf = (piles: readonly Pile[]): EpochSeconds | undefined =>
  piles
    .flatMap(({ oldestKeptAtS }) => oldestKeptAtS ?? [])
    .sort((one, other) => one - other)
    .at(0)
