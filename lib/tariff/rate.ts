/**
 * Rates a session by the compact tariff of its offer. Components are computed exactly as fractions; the total is
 * rounded once (half up, minor unit) and the lines are fitted to it, so that they always sum to the total.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import { divide } from '@/lib/core/divide'
import { minorUnits, type MinorUnits, type Seconds, type WattHours } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { ReceiptLines } from '@/lib/protocol/messages/receipt'

export interface Usage {
  readonly energyWh: WattHours
  /** Time with power. Time without power before the vehicle is full is free. */
  readonly chargingS: Seconds
  /** Time plugged in after the last energy; the tariff's grace is taken off here. */
  readonly idleS: Seconds
}

export interface Bill {
  readonly totalMinor: MinorUnits
  readonly lines: ReceiptLines
  /** Contained in the total. */
  readonly taxMinor: MinorUnits
}

/** Rates are 10⁻⁴ per kWh or minute: this denominator makes every component an integer. */
const partsPerUnit = 10_000n * 3_000n

/** Zero energy costs zero, whatever the tariff says (rule 8). Throws RangeError on a currency that is not sold. */
export function rate(tariff: CompactTariff, usage: Usage): Bill {
  const exponent = minorUnitExponent(tariff.currency)
  if (exponent === undefined) throw new RangeError(`Unsupported currency ${tariff.currency}`)
  const scale = 10n ** BigInt(exponent)
  const billableIdleS = Math.max(0, usage.idleS - tariff.idleGraceMinutes * 60)
  const parts =
    usage.energyWh === 0
      ? [0n, 0n, 0n, 0n]
      : [
          BigInt(tariff.energyPerKwh) * BigInt(usage.energyWh) * 3n,
          BigInt(tariff.timePerMinute) * BigInt(usage.chargingS) * 50n,
          BigInt(tariff.perSession) * 3_000n,
          BigInt(tariff.idlePerMinute) * BigInt(billableIdleS) * 50n,
        ]
  const exact = parts.map((part) => part * scale)
  const total = divide(
    exact.reduce((sum, part) => sum + part, 0n),
    partsPerUnit,
    'half-up',
  )
  return {
    totalMinor: money(total),
    lines: fitLines(exact, total),
    taxMinor: taxWithin(tariff, money(total)),
  }
}

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
export const billFor = (tariff: CompactTariff, usage: Usage, holdMinor: MinorUnits): Bill =>
  capBill(rate(tariff, usage), tariff, holdMinor)

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
