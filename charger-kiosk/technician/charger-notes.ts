/** What the OCPP chargers said last, kept for the technician's eyes: beside the session's way, never instead of it. */

import type { ChargePointIdentity } from '../ocpp/ids'
import type { ChargerEvent, ChargerHandlers, MeterSample } from '../ocpp/port'

export interface ChargerNote {
  readonly identity: ChargePointIdentity
  readonly heardAtS: number | undefined
  readonly product: string | undefined
  readonly firmware: string | undefined
}

export interface SocketNote {
  readonly status: string | undefined
  readonly sample: MeterSample | undefined
  /** Grows with every reading, so that a fresh one is told from the last. */
  readonly readings: number
}

const nothingHeard: SocketNote = { status: undefined, sample: undefined, readings: 0 }
/** Bays of twenty chargers are fewer; a charger that invents sockets must not fill the memory. */
const socketsMax = 256

export class ChargerNotes {
  readonly #chargers = new Map<string, ChargerNote>()
  readonly #sockets = new Map<string, SocketNote>()
  readonly #listeners = new Set<() => void>()
  readonly #setUpListeners = new Set<(identity: ChargePointIdentity) => void>()

  /** The same handlers, overheard. */
  watch(handlers: ChargerHandlers): ChargerHandlers {
    return {
      ...handlers,
      onEvent: async (event) => {
        await handlers.onEvent(event)
        this.#note(event)
        for (const listener of this.#listeners) listener()
        if (event.type !== 'configured') return
        for (const listener of this.#setUpListeners) listener(event.identity)
      },
    }
  }

  onNews(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A charger has come, and was given its settings. */
  onSetUp(listener: (identity: ChargePointIdentity) => void): () => void {
    this.#setUpListeners.add(listener)
    return () => this.#setUpListeners.delete(listener)
  }

  charger(identity: ChargePointIdentity): ChargerNote {
    return (
      this.#chargers.get(identity) ?? {
        identity,
        heardAtS: undefined,
        product: undefined,
        firmware: undefined,
      }
    )
  }

  socket(identity: string, evseId: number): SocketNote {
    return this.#sockets.get(`${identity} ${evseId}`) ?? nothingHeard
  }

  #note(event: ChargerEvent): void {
    // A stranger's name in an incident is no charger of ours.
    if (event.type === 'incident') return
    const { identity } = event
    const known = this.charger(identity)
    const heardAtS = 'atS' in event ? event.atS : undefined
    const isBoot = event.type === 'booted'
    this.#chargers.set(identity, {
      identity,
      heardAtS: heardAtS ?? timeOf(event) ?? known.heardAtS,
      product: isBoot ? `${event.vendor} ${event.model}`.slice(0, 60) : known.product,
      firmware: isBoot ? event.firmware?.slice(0, 40) : known.firmware,
    })
    if (event.type === 'status') this.#at(identity, event.connectorId, { status: event.status })
    if (event.type === 'meter-values') {
      const sample = event.samples.at(-1)
      if (sample === undefined) return
      const { readings } = this.socket(identity, event.connectorId)
      this.#at(identity, event.connectorId, { sample, readings: readings + 1 })
    }
  }

  #at(identity: string, evseId: number, change: Partial<SocketNote>): void {
    const key = `${identity} ${evseId}`
    if (!this.#sockets.has(key) && this.#sockets.size >= socketsMax) return
    this.#sockets.set(key, { ...this.socket(identity, evseId), ...change })
  }
}

function timeOf(event: ChargerEvent): number | undefined {
  if (event.type === 'status') return event.time.receivedAtS
  return event.type === 'meter-values' ? event.samples.at(-1)?.time.receivedAtS : undefined
}
