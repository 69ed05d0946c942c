/**
 * Which socket of which OCPP charger each bay of this controller is (ADR 0024). A bay's number stands in offers, in the
 * journal and on the screen; what an OCPP charger says counts for its own bays alone.
 */

import { err, ok, type Result } from '@/lib/core/result'
import type { ChargePointIdentity } from '../ocpp/ids'

/** OCPP 1.6 knows a bay by `evseId` alone, there called connector; 2.0.1 by both. */
export interface BayAddress {
  readonly bay: number
  readonly identity: ChargePointIdentity
  readonly evseId: number
  readonly connectorId: number
}

/** Two bays of one number would share a bill; two bays of one socket would send one driver's power to the other. */
export interface BayFault {
  readonly code: 'no-bay' | 'bad-number' | 'duplicate-bay' | 'duplicate-socket'
  readonly address: BayAddress | undefined
}

/** An OCPP connector or EVSE is 1 to 255 here, a bay as much as an offer can name. */
const numberMax = 255

export class BayMap {
  readonly #addresses: ReadonlyMap<number, BayAddress>

  private constructor(addresses: ReadonlyMap<number, BayAddress>) {
    this.#addresses = addresses
  }

  static of(addresses: readonly BayAddress[]): Result<BayMap, BayFault> {
    const byBay = new Map<number, BayAddress>()
    const sockets = new Set<string>()
    for (const address of addresses) {
      const { bay, identity, evseId, connectorId } = address
      const areNumbers = [bay, evseId, connectorId].every(
        (value) => Number.isInteger(value) && value >= 1 && value <= numberMax,
      )
      if (!areNumbers) return err({ code: 'bad-number', address })
      if (byBay.has(bay)) return err({ code: 'duplicate-bay', address })
      const socket = `${identity} ${evseId} ${connectorId}`
      if (sockets.has(socket)) return err({ code: 'duplicate-socket', address })
      byBay.set(bay, address)
      sockets.add(socket)
    }
    return byBay.size === 0 ? err({ code: 'no-bay', address: undefined }) : ok(new BayMap(byBay))
  }

  /** Bays 1 to `count` of one charger, each an EVSE (1.6: a connector) of the same number. */
  static ofOne(identity: ChargePointIdentity, count: number): BayMap {
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    return new BayMap(new Map(numbers.map((bay) => [bay, { bay, identity, evseId: bay, connectorId: 1 }])))
  }

  /** In the order in which they were configured. */
  get bays(): readonly number[] {
    return [...this.#addresses.keys()]
  }

  addressOf(bay: number): BayAddress | undefined {
    return this.#addresses.get(bay)
  }

  baysOf(identity: ChargePointIdentity): readonly number[] {
    return this.#of(identity).map(({ bay }) => bay)
  }

  /**
   * Undefined for a socket that is no bay here, for the charger as a whole (EVSE 0), and where an EVSE has several
   * connectors and none was named: to guess would be to bill somebody else. An EVSE with one bay is that bay,
   * however its charger counts the connectors there.
   */
  bayOf(identity: ChargePointIdentity, evseId: number, connectorId?: number): number | undefined {
    const candidates = this.#of(identity).filter((address) => address.evseId === evseId)
    const exact = candidates.find((address) => address.connectorId === connectorId)
    return (exact ?? (candidates.length === 1 ? candidates[0] : undefined))?.bay
  }

  #of(identity: ChargePointIdentity): readonly BayAddress[] {
    return [...this.#addresses.values()].filter((address) => address.identity === identity)
  }
}
