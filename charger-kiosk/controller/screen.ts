/** The whole state of the touchscreen, from the connectors and what the issuer said. */

import type { ScreenConnector, ScreenState } from '../screen-protocol'
import type { Phase, Session } from '../session/connector-state'
import { screenPhase, screenTariff } from '../session/screen-view'
import { certificateAt } from './knowledge'
import { policyAt, pricesAt, type Prices } from './policy-in-force'
import type { ControllerOptions } from './ports'
import type { Shell } from './shell'

/** @param isCardWaiting whether a card waits for its vehicle at the charger of this bay */
export function composeScreen(
  shell: Shell,
  options: ControllerOptions,
  isCardWaiting: (bay: number) => boolean,
): ScreenState {
  const now = shell.time.now()
  const { payload } = certificateAt(shell.knowledge, now.timeS)
  const policy = policyAt(shell.knowledge, now.timeS)
  const prices = policy && pricesAt(policy, shell.knowledge.nextPolicy?.payload, now)
  const connectors = shell.connectors.map((state): ScreenConnector => {
    const { connectorId, phase } = state
    const { tariff, tariffChange } = pricesOf(phase, prices)
    return {
      connectorId,
      bayLabel: bayLabel(payload.bayLabel, connectorId, shell.connectors.length),
      tariff: tariff === undefined ? null : screenTariff(tariff, tariffChange),
      phase:
        phase.kind === 'available' && isCardWaiting(connectorId)
          ? { kind: 'available', isCardWaiting: true }
          : screenPhase(state, now, shell.status(connectorId)),
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

/** A running session keeps the price of its offer, and what the offer on the screen announces is shown beside it. */
function pricesOf(
  phase: Phase,
  prices: Prices | undefined,
): Pick<Partial<Session>, 'tariff' | 'tariffChange'> {
  if ('session' in phase) return phase.session
  const offered = phase.kind === 'offering' ? phase.offer?.payload : undefined
  return offered ?? (prices === undefined ? {} : { tariff: prices.tariff })
}

/** The certificate names the bay; where several connectors share it, their number tells them apart. */
const bayLabel = (label: string, connectorId: number, count: number): string =>
  count === 1 ? label : `${label}.${connectorId}`
