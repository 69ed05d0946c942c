/**
 * Watches one running session: `(watch, facts, limits, now) → { watch, hazards }`. What a bay may draw follows from the
 * watch alone; ending a session is the session machine's business, which has this named by the table of hazards.
 */

import type { DurationMs, WattHours, Watts } from '@/lib/core/units'
import { hazardNames, hazards, type Hazard } from './hazards'
import type { SafetyLimits } from './safety-limits'

export interface SafetyWatch {
  /** The last that could be true, in tenths of a degree Celsius. */
  readonly temperatureDeciC: number | undefined
  readonly isDerated: boolean
  /** Since when the charger is linked and says that power flows. */
  readonly energizedSinceMs: number | undefined
  readonly unlinkedSinceMs: number | undefined
  /** Since the first of unbroken readings above what is allowed. */
  readonly overPowerSinceMs: number | undefined
}

export const freshWatch: SafetyWatch = {
  temperatureDeciC: undefined,
  isDerated: false,
  energizedSinceMs: undefined,
  unlinkedSinceMs: undefined,
  overPowerSinceMs: undefined,
}

export interface SafetyFacts {
  readonly isLinked: boolean
  /** As the charger says of its connector. */
  readonly isEnergized: boolean
  /** When the meter was last heard with a reading that is believed, on the monotonic timer. */
  readonly meterHeardAtMs: number
  readonly startedAtMs: number
  readonly energyWh: WattHours
  /** Of this very reading; undefined where none came now. */
  readonly powerW: Watts | undefined
  readonly temperatureDeciC: number | undefined
}

export interface Watched {
  readonly watch: SafetyWatch
  /** All that hold now, the gravest first. */
  readonly hazards: readonly Hazard[]
}

/** A broken sensor says 6553.5 or −273: no reason to trust it, and none to stop for it. */
const sensorMinDeciC = -500
const sensorMaxDeciC = 2_000

export function watchSession(
  before: SafetyWatch,
  facts: SafetyFacts,
  limits: SafetyLimits,
  nowMs: DurationMs,
): Watched {
  const warmed = watchTemperature(before, facts, limits)
  const linked = watchLink(warmed, facts, nowMs)
  const watch = watchPower(linked, facts, limits, nowMs)
  const holds: Record<Hazard, boolean> = {
    overheated: (watch.temperatureDeciC ?? sensorMinDeciC) >= limits.cutOffAtDeciC,
    'over-power':
      hasLasted(watch.overPowerSinceMs, limits.overPowerMaxMs, nowMs) && facts.powerW !== undefined,
    'meter-silent': isMeterSilent(watch, facts, limits, nowMs),
    energy: facts.energyWh >= limits.sessionEnergyMaxWh,
    duration: nowMs - facts.startedAtMs >= limits.sessionDurationMaxS * 1_000,
    warm: watch.isDerated,
    'charger-lost': hasLasted(watch.unlinkedSinceMs, limits.linkLostAfterMs, nowMs),
  }
  return { watch, hazards: hazardNames.filter((name) => holds[name]) }
}

/** The gravest hazard that ends the session. */
export const endingHazard = (found: readonly Hazard[]): Hazard | undefined =>
  found.find((name) => hazards[name].ends !== null)

/** Per phase; undefined where only the charger's own limit holds. */
export function allowedCurrentMa(
  { isDerated }: Pick<SafetyWatch, 'isDerated'>,
  { currentMaxMa, derateToMa }: SafetyLimits,
): number | undefined {
  if (!isDerated) return currentMaxMa
  return Math.min(currentMaxMa ?? derateToMa, derateToMa)
}

/** Hysteresis: a bay that flickered between two limits would wear out contactor and vehicle. */
function watchTemperature(
  watch: SafetyWatch,
  { temperatureDeciC: told }: SafetyFacts,
  { derateAtDeciC, coolBelowDeciC }: SafetyLimits,
): SafetyWatch {
  if (told === undefined || told < sensorMinDeciC || told > sensorMaxDeciC) return watch
  const isDerated = watch.isDerated ? told >= coolBelowDeciC : told >= derateAtDeciC
  return { ...watch, temperatureDeciC: told, isDerated }
}

function watchLink(
  watch: SafetyWatch,
  { isLinked, isEnergized }: SafetyFacts,
  nowMs: DurationMs,
): SafetyWatch {
  // What the charger said before the link broke says nothing about now: silence is no hazard then, the charger has its
  // own safe default, and its registers tell later what flowed.
  const hasPower = isLinked && isEnergized
  return {
    ...watch,
    energizedSinceMs: hasPower ? (watch.energizedSinceMs ?? nowMs) : undefined,
    unlinkedSinceMs: isLinked ? undefined : (watch.unlinkedSinceMs ?? nowMs),
  }
}

/** Rounding of the reading, and what a vehicle may take for a moment. */
const powerTolerance = 1.1
const powerToleranceW = 500

function watchPower(
  watch: SafetyWatch,
  { powerW }: SafetyFacts,
  limits: SafetyLimits,
  nowMs: DurationMs,
): SafetyWatch {
  if (powerW === undefined) return watch
  const allowedMa = allowedCurrentMa(watch, limits)
  const allowedW =
    allowedMa === undefined
      ? limits.powerMaxW
      : Math.min(limits.powerMaxW, (limits.phases * limits.phaseVoltageV * allowedMa) / 1_000)
  const isOver = powerW > allowedW * powerTolerance + powerToleranceW
  return { ...watch, overPowerSinceMs: isOver ? (watch.overPowerSinceMs ?? nowMs) : undefined }
}

const isMeterSilent = (
  { energizedSinceMs }: SafetyWatch,
  { meterHeardAtMs }: SafetyFacts,
  { meterSilentMaxMs }: SafetyLimits,
  nowMs: DurationMs,
): boolean =>
  energizedSinceMs !== undefined && nowMs - Math.max(meterHeardAtMs, energizedSinceMs) >= meterSilentMaxMs

const hasLasted = (sinceMs: number | undefined, longestMs: DurationMs, nowMs: DurationMs): boolean =>
  sinceMs !== undefined && nowMs - sinceMs >= longestMs
