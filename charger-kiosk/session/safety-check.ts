/** A running session under its watch: less current where it is warm, an incident for each hazard, and whether it has to end. */

import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { StopReason } from '@/lib/protocol/messages/receipt'
import { watts, type Watts } from '@/lib/core/units'
import type { MeterSample } from '../ocpp/port'
import { energyAnomaly } from '../safety/anomalies'
import { hazardIncident, hazards, type Hazard } from '../safety/hazards'
import { safeLimits, stricter, type SafetyLimits } from '../safety/safety-limits'
import { allowedCurrentMa, endingHazard, watchSession, type SafetyFacts } from '../safety/safety-watch'
import type { ConnectorState, MachineSettings, Now, PhaseOf, Running, Session } from './connector-state'
import { energyOf } from './metering'
import { toldCurrentMa } from './power-terms'
import { incident, withPhase } from './step'

export interface SafetyChecked {
  readonly state: ConnectorState
  readonly phase: PhaseOf<'charging'>
  readonly journal: readonly JournalEvent[]
  /** The session has to end, for this reason. */
  readonly end: StopReason | undefined
}

/** @param samples that came just now; none at a tick. */
export function checkSafety(
  state: ConnectorState,
  phase: PhaseOf<'charging'>,
  samples: readonly MeterSample[],
  now: Now,
  settings: MachineSettings,
): SafetyChecked {
  const { running, session } = phase
  const limits = limitsOf(state.connectorId, session, settings)
  const facts = factsOf(state, running, samples)
  const { watch, hazards: found } = watchSession(running.safety, facts, limits, now.monotonicMs)
  const news = found.filter(
    (name) => hazards[name].isIncident && !running.reported.includes(hazardIncident(name)),
  )
  const elapsedMs = now.monotonicMs - facts.startedAtMs
  const odd = energyAnomaly(facts.energyWh, elapsedMs, deliverableW(limits))
  const isOddNews = odd !== undefined && !running.reported.includes(odd.what)
  const reported = [...running.reported, ...news.map(hazardIncident), ...(isOddNews ? [odd.what] : [])]
  const allowedMa = allowedCurrentMa(watch, limits)
  const toldMa = toldCurrentMa(allowedMa, session, limits)
  const next = { ...phase, running: { ...running, safety: watch, reported, toldMa } }
  const ending = endingHazard(found)
  const coolingUntilMs =
    ending !== undefined && hazards[ending].needsCooling
      ? now.monotonicMs + limits.coolDownMs
      : state.coolingUntilMs
  return {
    state: { ...withPhase(state, next), coolingUntilMs },
    phase: next,
    journal: [
      ...news.map((name) => incident(hazardIncident(name), detailOf(name, facts), session.sessionId, now)),
      ...(isOddNews ? [incident(odd.what, odd.detail, session.sessionId, now)] : []),
    ],
    end: ending === undefined ? undefined : (hazards[ending].ends ?? undefined),
  }
}

/** Signed policy, as it was when the session was accepted, and this charger's configuration: the stricter of each. */
export function limitsOf(bay: number, session: Session, settings: MachineSettings): SafetyLimits {
  return stricter(bayLimits(bay, settings), {
    sessionDurationMaxS: session.durationMaxS,
    sessionEnergyMaxWh: session.energyMaxWh,
  })
}

export const bayLimits = (bay: number, { safety, safetyOfBays }: MachineSettings): SafetyLimits =>
  stricter(safety, safetyOfBays.get(bay) ?? {})

/** The most that a bay may deliver as configured; 0 where nothing is. */
export function configuredPowerW(bay: number, settings: MachineSettings): number {
  const leastW = deliverableW(bayLimits(bay, settings))
  return leastW < safeLimits.powerMaxW ? leastW : 0
}

function deliverableW({ currentMaxMa, phases, phaseVoltageV, powerMaxW }: SafetyLimits): Watts {
  if (currentMaxMa === undefined) return powerMaxW
  return watts(Math.min(powerMaxW, Math.floor((currentMaxMa * phases * phaseVoltageV) / 1_000)))
}

function factsOf(
  { hardware }: ConnectorState,
  { meter, startedAtMs }: Running,
  samples: readonly MeterSample[],
): SafetyFacts {
  const temperatures = samples.flatMap(({ temperatureDeciC }) => temperatureDeciC ?? [])
  return {
    isLinked: hardware.isLinked,
    isEnergized: hardware.status === 'Charging',
    meterHeardAtMs: meter.heardAtMs,
    startedAtMs,
    energyWh: energyOf(meter),
    powerW: samples.findLast(({ powerW }) => powerW !== undefined)?.powerW,
    temperatureDeciC: temperatures.length === 0 ? undefined : Math.max(...temperatures),
  }
}

function detailOf(name: Hazard, { temperatureDeciC, powerW }: SafetyFacts): string {
  switch (name) {
    case 'warm':
    case 'overheated':
      return `${((temperatureDeciC ?? 0) / 10).toFixed(1)} °C`
    case 'over-power':
      return `${powerW ?? 0} W`
    case 'meter-silent':
      return 'power without a reading of the meter'
    case 'charger-lost':
      return 'no link to the charger'
    case 'energy':
    case 'duration':
      return name
  }
}
