/** The limits of one bay, and the stricter of two. */

import { limits } from '@/lib/core/limits'
import { durationMs, seconds, wattHours, watts } from '@/lib/core/units'
import type { DurationMs, Seconds, WattHours, Watts } from '@/lib/core/units'

export interface SafetyLimits {
  /** Per phase, in thousandths of an ampere; undefined where the charger's own limit is the only one. */
  readonly currentMaxMa: number | undefined
  readonly phases: number
  readonly phaseVoltageV: number
  /** What a charger may deliver at all, where no current is capped. */
  readonly powerMaxW: Watts
  readonly sessionDurationMaxS: Seconds
  readonly sessionEnergyMaxWh: WattHours
  /** From here on a bay draws no more than `derateToMa`, until it is cooler than `coolBelowDeciC`. Tenths of a degree. */
  readonly derateAtDeciC: number
  readonly coolBelowDeciC: number
  readonly derateToMa: number
  /** From here on no power flows, and none is sold for `coolDownMs`. */
  readonly cutOffAtDeciC: number
  readonly coolDownMs: DurationMs
  /** Power without a believable reading of the meter. */
  readonly meterSilentMaxMs: DurationMs
  /** How long power may lie above what is allowed: a vehicle has 5 s (IEC 61851-1), a reading is up to a minute old. */
  readonly overPowerMaxMs: DurationMs
  /** A link that is away for longer is worth a line in the journal. */
  readonly linkLostAfterMs: DurationMs
}

export const safeLimits: SafetyLimits = {
  currentMaxMa: undefined,
  phases: 3,
  phaseVoltageV: 230,
  powerMaxW: watts(limits.meterPowerMaxW),
  sessionDurationMaxS: seconds(86_400),
  sessionEnergyMaxWh: wattHours(1_000_000),
  derateAtDeciC: 700,
  coolBelowDeciC: 600,
  derateToMa: 10_000,
  // Plugs and cables are built for 90 °C at most (IEC 62196-1).
  cutOffAtDeciC: 850,
  coolDownMs: durationMs(900_000),
  meterSilentMaxMs: durationMs(300_000),
  overPowerMaxMs: durationMs(60_000),
  linkLostAfterMs: durationMs(60_000),
}

/** A lower value is stricter in all of these. */
const ceilings = [
  'powerMaxW',
  'sessionDurationMaxS',
  'sessionEnergyMaxWh',
  'derateAtDeciC',
  'coolBelowDeciC',
  'derateToMa',
  'cutOffAtDeciC',
  'meterSilentMaxMs',
  'overPowerMaxMs',
] as const satisfies readonly (keyof SafetyLimits)[]

/** Nothing that is said later loosens what holds already. */
export function stricter(base: SafetyLimits, other: Partial<SafetyLimits>): SafetyLimits {
  const merged: Record<string, number> = {}
  for (const name of ceilings) merged[name] = Math.min(base[name], other[name] ?? base[name])
  const currents = [base.currentMaxMa, other.currentMaxMa].filter((current) => current !== undefined)
  return {
    ...base,
    ...(merged as Pick<SafetyLimits, (typeof ceilings)[number]>),
    // Cool enough must lie below too warm, or a bay would flicker.
    coolBelowDeciC: Math.min(merged['coolBelowDeciC'] ?? 0, merged['derateAtDeciC'] ?? 0),
    phases: Math.min(base.phases, other.phases ?? base.phases),
    phaseVoltageV: Math.min(base.phaseVoltageV, other.phaseVoltageV ?? base.phaseVoltageV),
    coolDownMs: durationMs(Math.max(base.coolDownMs, other.coolDownMs ?? 0)),
    currentMaxMa: currents.length === 0 ? undefined : Math.min(...currents),
  }
}
