/** One exchange with a charger that was let in: what it has taken is forgotten, what it brings is kept, what waits goes out. */

import type { Clock } from '@/lib/core/clock'
import type { ChargerId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { addSeconds } from '@/lib/core/units'
import type { GatewayCall, GatewayReply, ParcelFate } from '@/lib/roads/gateway-messages'
import { decodeParcel, type ParcelLabel } from '@/lib/sync/parcel'
import type { Log } from '../log'
import type { ParcelStore } from '../store/parcel-store'
import { roomFor, type ShelfLimits } from '../store/shelf'
import type { Forwarder } from '../uplink/forwarder'

export interface CounterPorts {
  readonly store: ParcelStore
  readonly forwarder: Forwarder
  readonly clock: Pick<Clock, 'nowS'>
  readonly shelfLimits: ShelfLimits
  readonly log: Log
}

export class Counter {
  readonly #ports: CounterPorts
  readonly counts = { kept: 0, full: 0, displaced: 0 }

  constructor(ports: CounterPorts) {
    this.#ports = ports
  }

  /** Throws when the disk does: the charger hears nothing, and comes again. */
  async exchange(charger: ChargerId, call: GatewayCall): Promise<GatewayReply> {
    const { store, forwarder, clock } = this.#ports
    store.note(charger, clock.nowS(), false)
    store.forget(charger, call.taken)
    this.#withdraw(charger, call.withdrawn)
    const label = call.parcel === undefined ? undefined : labelOf(call.parcel)
    let fate: ParcelFate = 'none'
    if (call.parcel !== undefined)
      fate = label === undefined ? 'unreadable' : this.#keep(charger, label, call.parcel)
    const { waitMs = 0 } = call
    const isWorthWaiting = fate === 'kept' && waitMs > 0 && forwarder.view.state === 'up'
    if (label !== undefined && isWorthWaiting) await forwarder.settled(charger, label.id, waitMs)
    const answers = store.answersOf(charger)
    if (label !== undefined) {
      // Its answer may lie behind older ones: whoever waits for it gets it with this exchange.
      const own = store.answer(charger, label.id)
      if (own !== undefined) {
        fate = 'answered'
        const isThere = answers.some(({ id }) => id === own.id)
        const others = answers.slice(0, limits.gatewayAnswersPerExchangeMax - 1)
        return this.#reply(
          charger,
          fate,
          isThere ? answers : [own, ...(isSmall([own, ...others]) ? others : [])],
        )
      }
      if (forwarder.isRefused(charger, label.id)) fate = 'refused'
    }
    return this.#reply(charger, fate, answers)
  }

  #reply(
    charger: ChargerId,
    fate: ParcelFate,
    answers: readonly { readonly bytes: Uint8Array }[],
  ): GatewayReply {
    const { store, forwarder } = this.#ports
    const held = store.heldOf(charger).slice(0, limits.gatewayParcelsPerChargerMax)
    return { uplink: forwarder.view.state, fate, held, answers: answers.map(({ bytes }) => bytes) }
  }

  /** On the disk when this returns `kept`. */
  #keep(charger: ChargerId, label: ParcelLabel, bytes: Uint8Array): ParcelFate {
    const { store, forwarder, clock, shelfLimits } = this.#ports
    const { id, priority, lifetimeH } = label
    if (forwarder.isRefused(charger, id)) return 'refused'
    if (store.has(charger, id) || store.answer(charger, id) !== undefined) return 'kept'
    const waiting = store.shelf.filter((parcel) => !forwarder.isSending(parcel))
    const sending = store.shelf.length - waiting.length
    const going = roomFor(
      waiting,
      { charger, priority, sizeBytes: bytes.length },
      lessOne(shelfLimits, sending),
    )
    if (going === undefined) {
      this.counts.full += 1
      return 'full'
    }
    const nowS = clock.nowS()
    // By our own clock: what a charger with a lost clock made is as good as any.
    const endsAtS = addSeconds(nowS, lifetimeH * 3_600)
    try {
      store.keep({ charger, id, priority, keptAtS: nowS, endsAtS }, bytes, going)
    } catch (error) {
      if (!isFull(error)) throw error
      this.#ports.log('disk-full', {})
      this.counts.full += 1
      return 'full'
    }
    this.counts.kept += 1
    this.counts.displaced += going.length
    if (going.length > 0) this.#ports.log('parcels-displaced', { count: going.length })
    forwarder.look()
    return 'kept'
  }

  /** Not the one that is on its way: its answer will be wanted. */
  #withdraw(charger: ChargerId, withdrawn: GatewayCall['withdrawn']): void {
    const { store, forwarder } = this.#ports
    if (withdrawn.length === 0) return
    const ids = new Set(withdrawn)
    const going = store.shelf.filter((parcel) => parcel.charger === charger && ids.has(parcel.id))
    store.drop(going.filter((parcel) => !forwarder.isSending(parcel)))
  }
}

function labelOf(parcel: Uint8Array): ParcelLabel | undefined {
  const decoded = decodeParcel(parcel)
  return decoded.ok ? decoded.value.label : undefined
}

const isSmall = (answers: readonly { readonly bytes: Uint8Array }[]): boolean =>
  answers.reduce((sum, { bytes }) => sum + bytes.length, 0) <= limits.gatewayExchangeBytesMax

/** What is on its way takes room as well, and cannot be sent away. */
const lessOne = (shelf: ShelfLimits, sending: number): ShelfLimits => ({
  ...shelf,
  bytesMax: shelf.bytesMax - sending * limits.parcelBytesMax,
  chargerCountMax: shelf.chargerCountMax - sending,
})

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_FULL')
