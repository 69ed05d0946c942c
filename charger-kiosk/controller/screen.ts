/** The whole state of the touchscreen, from the connectors and what the issuer said. */

import type { ScreenConnector, ScreenState } from '../screen-protocol'
import { screenPhase, screenTariff } from '../session/screen-view'
import { certificateAt, policyAt } from './knowledge'
import type { ControllerOptions } from './ports'
import type { Shell } from './shell'

export function composeScreen(shell: Shell, options: ControllerOptions): ScreenState {
  const now = shell.time.now()
  const { payload } = certificateAt(shell.knowledge, now.timeS)
  const policy = policyAt(shell.knowledge, now.timeS)
  const connectors = shell.connectors.map((state): ScreenConnector => {
    const { connectorId, phase } = state
    // A running session keeps the price of its offer.
    const tariff = 'session' in phase ? phase.session.tariff : policy?.tariff
    return {
      connectorId,
      bayLabel: bayLabel(payload.bayLabel, connectorId, shell.connectors.length),
      tariff: tariff === undefined ? null : screenTariff(tariff),
      phase: screenPhase(state, now, shell.status(connectorId)),
    }
  })
  return {
    chargerId: payload.chargerId,
    siteLabel: payload.siteLabel,
    supportPhone: options.supportPhone,
    uplink: shell.isOnline ? 'online' : 'offline',
    nowS: now.timeS,
    demoPageOrigins: options.demoPageOrigins ?? [],
    connectors,
  }
}

/** The certificate names the bay; where several connectors share it, their number tells them apart. */
const bayLabel = (label: string, connectorId: number, count: number): string =>
  count === 1 ? label : `${label}.${connectorId}`
