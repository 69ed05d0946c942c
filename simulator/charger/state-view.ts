/** What the control interface shows of a charger. */

import { registerWh } from './meter'
import type { ChargerState } from './state'
import { chargePercent } from './vehicle'

export interface ConnectorView {
  readonly connectorId: number
  readonly status: string
  readonly isPluggedIn: boolean
  readonly registerWh: number
  readonly powerW: number
  readonly chargePercent: number | null
  readonly transaction: { readonly idTag: string; readonly energyWh: number } | null
}

export interface ChargerView {
  readonly identity: string
  readonly isLinked: boolean
  readonly isRegistered: boolean
  /** Messages that wait for the central system. */
  readonly waiting: number
  /** Cards that it would start by itself. */
  readonly listedCards: number
  readonly connectors: readonly ConnectorView[]
}

export const viewCharger = (identity: string, state: ChargerState): ChargerView => ({
  identity,
  isLinked: state.isLinked,
  isRegistered: state.isRegistered,
  waiting: state.outbox.length,
  listedCards:
    state.configuration['LocalAuthorizeOffline'] === 'true'
      ? Object.keys(state.localList.expiresAtS).length
      : 0,
  connectors: state.connectors.map((connector) => ({
    connectorId: connector.connectorId,
    status: connector.status,
    isPluggedIn: connector.vehicle !== undefined,
    registerWh: registerWh(connector),
    powerW: connector.powerW,
    chargePercent: connector.vehicle?.kind === 'battery' ? chargePercent(connector.vehicle) : null,
    transaction:
      connector.transaction === undefined
        ? null
        : {
            idTag: connector.transaction.idTag,
            energyWh: registerWh(connector) - connector.transaction.startWh,
          },
  })),
})
