/**
 * Rates a session by the compact tariff of its offer. Components are computed exactly as fractions; the total is
 * rounded once (half up, minor unit) and the lines are fitted to it, so that they always sum to the total.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import { divide } from '@/lib/core/divide'
import { minorUnits, type MinorUnits, type Seconds, type WattHours } from '@/lib/core/units'
import type { CompactTariff, TariffChange } from '@/lib/protocol/messages/compact-tariff'
import type { ReceiptLines } from '@/lib/protocol/messages/receipt'

export interface Usage {
  readonly energyWh: WattHours
  /** Time with power. Time without power before the vehicle is full is free. */
  readonly chargingS: Seconds
  /** Time plugged in after the last energy; the tariff's grace is taken off here. */
  readonly idleS: Seconds
  /** The part of all three that came before the tariff's change of price took effect; absent where none did. */
  readonly beforeChange?: Omit<Usage, 'beforeChange'>
}

export interface Bill {
  readonly totalMinor: MinorUnits
  readonly lines: ReceiptLines
  /** Contained in the total. */
  readonly taxMinor: MinorUnits
}

/** Rates are 10⁻⁴ per kWh or minute: this denominator makes every component an integer. */
const partsPerUnit = 10_000n * 3_000n

/**
 * Zero energy costs zero, whatever the tariff says (rule 8). Throws RangeError on a currency that is not sold, and on
 * a usage with a part before a change that the tariff does not have.
 */
export function rate(tariff: CompactTariff, usage: Usage, change?: TariffChange): Bill {
  const exponent = minorUnitExponent(tariff.currency)
  if (exponent === undefined) throw new RangeError(`Unsupported currency ${tariff.currency}`)
  const scale = 10n ** BigInt(exponent)
  const exact =
    usage.energyWh === 0
      ? [0n, 0n, 0n, 0n]
      : componentsOf(tariff, usage, change).map((component) => component * scale)
  const total = divide(
    exact.reduce((sum, component) => sum + component, 0n),
    partsPerUnit,
    'half-up',
  )
  return {
    totalMinor: money(total),
    lines: fitLines(exact, total),
    taxMinor: taxWithin(tariff, money(total)),
  }
}

/** Energy, time, session, idle; in parts of the currency's major unit. */
function componentsOf(
  tariff: CompactTariff,
  usage: Usage,
  change: TariffChange | undefined,
): readonly [bigint, bigint, bigint, bigint] {
  const { beforeChange } = usage
  const sessionFee = BigInt(tariff.perSession) * 3_000n
  const graceS = tariff.idleGraceMinutes * 60
  if (beforeChange === undefined) {
    const [energy, time, idle] = timedComponents(tariff, usage, graceS)
    return [energy, time, sessionFee, idle]
  }
  if (change === undefined) throw new RangeError('A usage before a change of price needs the change')
  const before = timedComponents(tariff, beforeChange, graceS)
  const rest = {
    energyWh: usage.energyWh - beforeChange.energyWh,
    chargingS: usage.chargingS - beforeChange.chargingS,
    idleS: usage.idleS - beforeChange.idleS,
  }
  // The grace is one for the session: what was idle before the change has used it first.
  const after = timedComponents(change, rest, Math.max(0, graceS - beforeChange.idleS))
  return [before[0] + after[0], before[1] + after[1], sessionFee, before[2] + after[2]]
}

const timedComponents = (
  rates: Pick<CompactTariff, 'energyPerKwh' | 'timePerMinute' | 'idlePerMinute'>,
  used: { readonly energyWh: number; readonly chargingS: number; readonly idleS: number },
  graceS: number,
): readonly [energy: bigint, time: bigint, idle: bigint] => [
  BigInt(rates.energyPerKwh) * BigInt(used.energyWh) * 3n,
  BigInt(rates.timePerMinute) * BigInt(used.chargingS) * 50n,
  BigInt(rates.idlePerMinute) * BigInt(Math.max(0, used.idleS - graceS)) * 50n,
]

/** The tax contained in a tax-inclusive amount, half up. */
export const taxWithin = (tariff: CompactTariff, amount: MinorUnits): MinorUnits =>
  money(
    divide(BigInt(amount) * BigInt(tariff.taxBasisPoints), BigInt(10_000 + tariff.taxBasisPoints), 'half-up'),
  )

/**
 * A bill never exceeds the hold (rule 8: the charger bills min(computed, hold)). The cut is taken off the lines from
 * the last to the first, so that energy is shown as fully as possible.
 */
export function capBill(bill: Bill, tariff: CompactTariff, holdMinor: MinorUnits): Bill {
  let excess = bill.totalMinor - holdMinor
  if (excess <= 0) return bill
  const take = (line: MinorUnits): MinorUnits => {
    const cut = Math.min(line, excess)
    excess -= cut
    return minorUnits(line - cut)
  }
  const idleMinor = take(bill.lines.idleMinor)
  const sessionMinor = take(bill.lines.sessionMinor)
  const timeMinor = take(bill.lines.timeMinor)
  const energyMinor = take(bill.lines.energyMinor)
  return {
    totalMinor: holdMinor,
    lines: { energyMinor, timeMinor, sessionMinor, idleMinor },
    taxMinor: taxWithin(tariff, holdMinor),
  }
}

/** The bill of a session under its hold: what a charger charges and what a phone recomputes. */
export const billFor = (
  tariff: CompactTariff,
  usage: Usage,
  holdMinor: MinorUnits,
  change?: TariffChange,
): Bill => capBill(rate(tariff, usage, change), tariff, holdMinor)

/** The most energy that `holdMinor` buys at the energy rate alone; for estimates, marked ≈ wherever shown. */
export function energyWithin(tariff: CompactTariff, holdMinor: MinorUnits): number {
  const exponent = minorUnitExponent(tariff.currency) ?? 2
  if (tariff.energyPerKwh === 0) return 0
  return Number((BigInt(holdMinor) * 10_000_000n) / (BigInt(tariff.energyPerKwh) * 10n ** BigInt(exponent)))
}

const money = (value: bigint): MinorUnits => minorUnits(Number(value))

/** Largest remainder: each line gets its whole minor units, then the largest fractions one more each. */
function fitLines(exact: readonly bigint[], total: bigint): ReceiptLines {
  const floors = exact.map((part) => part / partsPerUnit)
  let missing = total - floors.reduce((sum, floor) => sum + floor, 0n)
  const byFraction = exact
    .map((part, index) => ({ index, fraction: part % partsPerUnit }))
    .sort((left, right) =>
      left.fraction < right.fraction ? 1 : left.fraction > right.fraction ? -1 : left.index - right.index,
    )
  for (const { index } of byFraction) {
    if (missing <= 0n) break
    floors[index] = (floors[index] ?? 0n) + 1n
    missing -= 1n
  }
  const [energy = 0n, time = 0n, session = 0n, idle = 0n] = floors
  return {
    energyMinor: money(energy),
    timeMinor: money(time),
    sessionMinor: money(session),
    idleMinor: money(idle),
  }
}
