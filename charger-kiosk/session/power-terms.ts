/**
 * What a class or a rule of the policy lets a session draw. It is no hazard to draw more, as it is with the limits of
 * `../safety/`: a charger that takes no profile charges on, and nobody's session ends for it.
 */

import type { SafetyLimits } from '../safety/safety-limits'
import type { Session } from './connector-state'

/** Per phase, in thousandths of an ampere. */
const currentOfMa = (powerW: number, { phases, phaseVoltageV }: SafetyLimits): number =>
  Math.floor((powerW * 1_000) / (phases * phaseVoltageV))

/** What the charger is told: the lower of what is safe and what the session's terms allow. */
export function toldCurrentMa(
  safeMa: number | undefined,
  { powerMaxW }: Pick<Session, 'powerMaxW'>,
  limits: SafetyLimits,
): number | undefined {
  if (powerMaxW === undefined) return safeMa
  const termsMa = currentOfMa(powerMaxW, limits)
  return safeMa === undefined ? termsMa : Math.min(safeMa, termsMa)
}
