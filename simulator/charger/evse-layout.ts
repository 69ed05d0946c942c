/**
 * Which EVSE and connector of OCPP 2.0.1 each connector of the machine is: with two per EVSE, its connectors 1 and 2 are
 * EVSE 1, 3 and 4 are EVSE 2. An EVSE charges at one of its connectors at a time, so the others are out of use meanwhile.
 */

import type { ChargerState, Connector } from './state'

export interface EvsePlace {
  readonly evseId: number
  readonly connectorId: number
}

export interface EvseLayout {
  placeOf(machineConnector: number): EvsePlace
  /** 0 is the whole charger. Without a connector: the one that is plugged in, else the first. */
  machineConnector(evseId: unknown, connectorId?: unknown): number
}

export function layoutOf(perEvse: number, state: () => ChargerState): EvseLayout {
  return {
    placeOf: (machineConnector) => ({
      evseId: Math.ceil(machineConnector / perEvse),
      connectorId: ((machineConnector - 1) % perEvse) + 1,
    }),
    machineConnector(evseId, connectorId) {
      const evse = Number(evseId)
      if (!Number.isInteger(evse) || evse < 1) return 0
      const first = (evse - 1) * perEvse + 1
      if (typeof connectorId === 'number') return first + connectorId - 1
      const own = state().connectors.slice(first - 1, first - 1 + perEvse)
      const inUse = own.find(({ transaction }) => transaction !== undefined)
      return (inUse ?? own.find(({ vehicle }) => vehicle !== undefined))?.connectorId ?? first
    },
  }
}

/** Another connector of the same EVSE charges, or was plugged in before anything was here. */
export function isTakenByNeighbour({ connectors, settings }: ChargerState, one: Connector): boolean {
  const evse = Math.ceil(one.connectorId / settings.connectorsPerEvse)
  return connectors.some(
    (other) =>
      other.connectorId !== one.connectorId &&
      Math.ceil(other.connectorId / settings.connectorsPerEvse) === evse &&
      (other.transaction !== undefined || (other.vehicle !== undefined && one.vehicle === undefined)),
  )
}
