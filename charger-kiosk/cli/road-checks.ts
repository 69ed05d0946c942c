/** Doctor's questions about the ways home besides the direct one: the site's gateway, and a satellite modem. */

import { pinShownAt } from '@/lib/roads/gateway-line'
import type { KioskConfig } from '../config'
import { openLine } from '../satellite/open-line'
import { modemSignalNow } from '../satellite/sbd-modem'
import { broken, doubtful, well, type Finding } from './finding'

/** Chargers keep selling without either: nothing here is worse than doubtful, but for a stranger in the gateway's place. */
export async function roadFindings(config: KioskConfig, isRunning: boolean): Promise<readonly Finding[]> {
  const { gateway, satellite } = config
  return [
    ...(gateway === undefined ? [] : [await gatewayFinding(gateway.url, gateway.pins)]),
    ...(satellite === undefined ? [] : [await modemFinding(satellite, isRunning)]),
  ]
}

async function gatewayFinding(url: string, pins: readonly string[]): Promise<Finding> {
  const check = 'gateway'
  const shown = await pinShownAt(url)
  if (!shown.ok)
    return doubtful(check, `${url}: ${shown.error}`, 'Look at the gateway: docs/runbooks/dead-gateway.md.')
  return pins.includes(shown.value)
    ? well(check, `${url} shows a pinned key`)
    : broken(
        check,
        `${url} shows the key ${shown.value}`,
        'Was it replaced? Compare with outpost-gateway --pin and set gateway.pin. If not, somebody stands between.',
      )
}

async function modemFinding(
  { address, baud }: NonNullable<KioskConfig['satellite']>,
  isRunning: boolean,
): Promise<Finding> {
  const check = 'satellite modem'
  if (isRunning) return well(check, `${address}, in the controller's hands: /metrics tells how it does`)
  const signal = await modemSignalNow(openLine(address, baud))
  if (!signal.ok)
    return doubtful(check, `${address}: ${signal.error}`, 'Look at its power and cable; docs/satellite.md.')
  return signal.value === 0
    ? doubtful(check, `${address} sees no satellite`, 'Its antenna needs the open sky.')
    : well(check, `${address}, signal ${signal.value} of 5`)
}
