/** The file's `safety` section in the units of the session machine. It can only make things stricter. */

import { durationMs, seconds, wattHours, watts } from '@/lib/core/units'
import { safeLimits, stricter, type SafetyLimits } from '../safety/safety-limits'
import type { MachineSettings } from '../session/connector-state'
import type { KioskFile } from './schema'

export type SafetySettings = Pick<MachineSettings, 'safety' | 'safetyOfBays'>

export function safetySettings({ bays, ...site }: KioskFile['safety']): SafetySettings {
  return {
    safety: stricter(safeLimits, limitsIn(site)),
    safetyOfBays: new Map(bays.map(({ bay, currentMaxA }) => [bay, limitsIn({ currentMaxA })])),
  }
}

/** Named for people in the file, in whole units of the machine here. What is left out is left as it is. */
function limitsIn(file: Partial<Omit<KioskFile['safety'], 'bays'>>): Partial<SafetyLimits> {
  const limits = {
    currentMaxMa: times(file.currentMaxA, 1_000),
    phases: file.phases,
    phaseVoltageV: file.phaseVoltageV,
    powerMaxW: file.powerMaxKw === undefined ? undefined : watts(file.powerMaxKw * 1_000),
    sessionDurationMaxS:
      file.sessionMinutesMax === undefined ? undefined : seconds(file.sessionMinutesMax * 60),
    sessionEnergyMaxWh: file.sessionKwhMax === undefined ? undefined : wattHours(file.sessionKwhMax * 1_000),
    derateAtDeciC: times(file.derateAtC, 10),
    coolBelowDeciC: times(file.coolBelowC, 10),
    derateToMa: times(file.derateToA, 1_000),
    cutOffAtDeciC: times(file.cutOffAtC, 10),
    meterSilentMaxMs:
      file.meterSilentSecondsMax === undefined ? undefined : durationMs(file.meterSilentSecondsMax * 1_000),
  }
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}

const times = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor
