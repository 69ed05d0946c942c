/**
 * How many TransactionEvents of OCPP 2.0.1 one controller takes: the real process with its journal on disk, and chargers
 * that each send their next reading when the last one was acknowledged, in sessions that a phone's authorization began.
 */

import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import { Panel, until } from '@/tests/integration/kiosk/kiosk-process'
import { percentile, progress, rounded } from '../figures'
import { authorizationFor, openKioskSite, residentMb } from './kiosk-site'
import { LoadCharger } from './load-charger'

export interface EventFigures {
  readonly perSecond: number
  readonly p95Ms: number
  readonly rssMb: number
}

const holdMinor = 1_500
const warmUpMs = 2_000

export async function measureEvents(chargerCount: number, durationMs: number): Promise<EventFigures> {
  const identities = Array.from({ length: chargerCount }, (_, index) => `LOAD-${index + 1}`)
  const site = await openKioskSite(identities, 1)
  const chargers: LoadCharger[] = []
  try {
    const kiosk = await site.start()
    const panel = await Panel.open(site.screenPort)
    for (const [index, identity] of identities.entries()) {
      const charger = await LoadCharger.connect(site.ocppPort, identity)
      chargers.push(charger)
      await beginSession(panel, charger, index + 1)
    }
    progress(`${chargerCount} sessions run`)
    const timings: number[] = []
    const startMs = performance.now() + warmUpMs
    const endMs = startMs + durationMs
    await Promise.all(
      chargers.map(async (charger) => {
        for (;;) {
          const sentMs = performance.now()
          if (sentMs >= endMs) return
          await charger.sendReading()
          if (sentMs >= startMs) timings.push(performance.now() - sentMs)
        }
      }),
    )
    const rssMb = rounded(residentMb(kiosk.child.pid), 0)
    await endAll(panel, chargers)
    panel.close()
    return {
      perSecond: Math.floor((timings.length * 1_000) / durationMs),
      p95Ms: rounded(percentile(timings, 0.95)),
      rssMb,
    }
  } finally {
    for (const charger of chargers) charger.close()
    await site.close()
  }
}

const phaseOf = (panel: Panel, bay: number): ConnectorPhase | undefined =>
  panel.state?.connectors.find(({ connectorId }) => connectorId === bay)?.phase

async function beginSession(panel: Panel, charger: LoadCharger, bay: number): Promise<void> {
  await until(() => phaseOf(panel, bay)?.kind === 'available', `bay ${bay} to be free`)
  await charger.plug()
  const offered = await until(() => {
    const phase = phaseOf(panel, bay)
    return phase?.kind === 'offering' ? phase : undefined
  }, `an offer at bay ${bay}`)
  const text = await authorizationFor(offered.offerCode, `driver ${bay}`, holdMinor)
  panel.say({ type: 'scanned', connectorId: bay, text })
  await until(() => phaseOf(panel, bay)?.kind === 'charging', `a session at bay ${bay}`)
}

/** A load that lost a session on its way has measured nothing. */
async function endAll(panel: Panel, chargers: readonly LoadCharger[]): Promise<void> {
  for (const [index, charger] of chargers.entries()) {
    await charger.end()
    const ended = await until(
      () => {
        const phase = phaseOf(panel, index + 1)
        return phase?.kind === 'finished' || phase?.kind === 'available' ? phase : undefined
      },
      `the receipt of bay ${index + 1}`,
    )
    if (ended.kind === 'finished' && ended.stopReason !== 'unplugged')
      throw new Error(`The session at bay ${index + 1} ended early: ${ended.stopReason}`)
  }
}
