/**
 * Charging sessions of a rural corridor: real ones from a data folder, else seeded ones of the same shape.
 *
 * The real file (`a9_corridor_rapid_2016-2018.csv`: site, cp_id, connector, start_local, end_local, kwh) holds public
 * sessions of four Scottish sites, Perth & Kinross Council, Open Government Licence v3. It is read where it lies.
 */

import { chargerId, siteId, type ChargerId, type SiteId } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import {
  epochSeconds,
  seconds,
  wattHours,
  type EpochSeconds,
  type Seconds,
  type WattHours,
} from '@/lib/core/units'
import { londonEpochSeconds } from './london-time'

export interface TraceSession {
  readonly siteId: SiteId
  readonly siteLabel: string
  /** One charge point with its connector: sessions of one never overlap. */
  readonly chargerId: ChargerId
  readonly startS: EpochSeconds
  readonly durationS: Seconds
  readonly energyWh: WattHours
}

export interface TraceWindow {
  readonly fromS: EpochSeconds
  readonly untilS: EpochSeconds
}

const header = 'site,cp_id,connector,start_local,end_local,kwh'

/** All sessions that start within the window, by start. Fails with the number of the first line that is no session. */
export function parseCorridor(text: string, window: TraceWindow): Result<readonly TraceSession[], string> {
  const [first, ...lines] = text.split(/\r?\n/)
  if (first !== header) return err(`line 1: expected “${header}”`)
  const sessions: TraceSession[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const session = parseLine(line)
    if (session === undefined) return err(`line ${index + 2}: “${line.slice(0, 80)}”`)
    if (session.startS >= window.fromS && session.startS < window.untilS) sessions.push(session)
  }
  return ok(sessions.sort((left, right) => left.startS - right.startS))
}

function parseLine(line: string): TraceSession | undefined {
  const [site, chargePoint, connector, start, end, kwh] = line.split(',')
  const startS = londonEpochSeconds(start ?? '')
  const endS = londonEpochSeconds(end ?? '')
  const energyWh = /^\d{1,4}(\.\d{1,3})?$/.test(kwh ?? '') ? Math.round(Number(kwh) * 1_000) : undefined
  if (startS === undefined || endS === undefined || energyWh === undefined || endS < startS) return undefined
  if (site === undefined || !/^[A-Z]{1,8}$|^PITLOCHRY$/.test(site) || !/^\d{1,8}$/.test(chargePoint ?? ''))
    return undefined
  return {
    siteId: siteId(site.toLowerCase().slice(0, 8)),
    siteLabel: site.charAt(0) + site.slice(1).toLowerCase(),
    chargerId: chargerId(`${chargePoint}-${connector}`),
    startS,
    durationS: seconds(endS - startS),
    energyWh: wattHours(energyWh),
  }
}

/** How many rapid-charging connectors each site has and how busy a day there is, from the public sessions of 2018. */
const shape = [
  { site: 'Kinross', connectors: 4, perDay: 6 },
  { site: 'Broxden', connectors: 6, perDay: 10 },
  { site: 'Dunkeld', connectors: 3, perDay: 2 },
  { site: 'Pitlochry', connectors: 4, perDay: 5 },
] as const

/** Sessions of the same shape from a seed: median 24 kW, 1 to 40 kWh, mostly by day, never two at one connector. */
export function generateCorridor(seed: number, window: TraceWindow): readonly TraceSession[] {
  const next = seededUnit(seed)
  const days = Math.ceil((window.untilS - window.fromS) / 86_400)
  const sessions: TraceSession[] = []
  for (const { site, connectors, perDay } of shape) {
    const freeFromS = new Array<number>(connectors).fill(window.fromS)
    for (let index = 0; index < perDay * days; index += 1) {
      const connector = Math.floor(next() * connectors)
      const hour = 7 + 13 * next()
      const wantedS = window.fromS + Math.floor(index / perDay) * 86_400 + Math.floor(hour * 3_600)
      const startS = Math.max(wantedS, (freeFromS[connector] ?? 0) + 120)
      const energyWh = Math.round(1_000 + 39_000 * next() ** 1.6)
      const durationS = Math.max(60, Math.round((energyWh / (12_000 + 28_000 * next())) * 3_600))
      if (startS >= window.untilS) continue
      freeFromS[connector] = startS + durationS
      sessions.push({
        siteId: siteId(site.toLowerCase().slice(0, 8)),
        siteLabel: site,
        chargerId: chargerId(`${site.slice(0, 3).toUpperCase()}-${connector + 1}`),
        startS: epochSeconds(startS),
        durationS: seconds(durationS),
        energyWh: wattHours(energyWh),
      })
    }
  }
  return sessions.sort((left, right) => left.startS - right.startS)
}

/** Mulberry32: the same numbers from the same seed on every machine. */
export function seededUnit(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
