/**
 * What a driver charged, by month and by site: the figures behind the pictures and the tables beside them. Energy has no
 * currency; costs do, so they are told for one currency at a time.
 */

import { divide } from '@/lib/core/divide'
import type { ChargeRecord } from './charge-record'
import { monthKeyOf, monthsBefore, sumsByCurrency } from './months'

export interface MonthFigures {
  readonly key: string
  readonly count: number
  readonly energyWh: number
  /** Refunds are taken off. */
  readonly costMinor: number
  /** In 10⁻⁴ of the major unit a kWh; null in a month without energy. */
  readonly rate: number | null
}

export interface SiteFigures {
  readonly siteId: string
  readonly siteLabel: string
  readonly count: number
  readonly energyWh: number
  readonly costMinor: number
  readonly rate: number | null
}

export interface EnergyFigures {
  /** All currencies that something was paid in, the usual one first. */
  readonly currencies: readonly string[]
  /** The one that the figures are about; null where nothing was ever charged. */
  readonly currency: string | null
  /** Without gaps, oldest first, up to the month of the newest charge or now. */
  readonly months: readonly MonthFigures[]
  /** By energy, the most first. */
  readonly sites: readonly SiteFigures[]
  readonly total: Omit<MonthFigures, 'key'>
}

/** What fits a phone's width with a label under every bar. */
export const monthsShownMax = 12
const sitesShownMax = 8

export interface EnergyQuestion {
  readonly nowS: number
  readonly timeZone: string
  /** Null: the usual one. */
  readonly currency: string | null
  /** Decimals of a minor unit of that currency. */
  exponentOf(currency: string): number
}

export function energyFigures(charges: readonly ChargeRecord[], question: EnergyQuestion): EnergyFigures {
  const { nowS, timeZone } = question
  const paid = charges.filter(({ state }) => state !== 'unused')
  const currencies = sumsByCurrency(paid).map(({ currency }) => currency)
  const currency = currencies.find((known) => known === question.currency) ?? currencies[0] ?? null
  const exponent = currency === null ? 2 : question.exponentOf(currency)
  const last = monthKeyOf(nowS, timeZone)
  const first = monthsBefore(last, monthsShownMax - 1)
  const shown = paid.filter(
    (charge) => charge.currency === currency && inRange(monthKeyOf(charge.endedAtS, timeZone), first, last),
  )
  return {
    currencies,
    currency,
    months: monthsOf(shown, timeZone, last, exponent),
    sites: sitesOf(shown, exponent),
    total: figuresOf(shown, exponent),
  }
}

const inRange = (key: string, first: string, last: string): boolean => key >= first && key <= last

type Figures = Omit<MonthFigures, 'key'>

function figuresOf(charges: readonly ChargeRecord[], exponent: number): Figures {
  const energyWh = charges.reduce((sum, charge) => sum + charge.energyWh, 0)
  const costMinor = charges.reduce(
    (sum, { totalMinor, refundedMinor }) => sum + totalMinor - refundedMinor,
    0,
  )
  return { count: charges.length, energyWh, costMinor, rate: rateOf(costMinor, energyWh, exponent) }
}

/** All of the bill over all of the energy, fees included: what a kWh came to in the end. */
function rateOf(costMinor: number, energyWh: number, exponent: number): number | null {
  if (energyWh <= 0 || costMinor < 0) return null
  const numerator = BigInt(costMinor) * 10n ** BigInt(4 - exponent + 3)
  return Number(divide(numerator, BigInt(energyWh), 'half-up'))
}

/** From the first month with a charge to the present, empty ones in between included. */
function monthsOf(
  charges: readonly ChargeRecord[],
  timeZone: string,
  last: string,
  exponent: number,
): readonly MonthFigures[] {
  const byMonth = new Map<string, ChargeRecord[]>()
  for (const charge of charges) {
    const key = monthKeyOf(charge.endedAtS, timeZone)
    byMonth.set(key, [...(byMonth.get(key) ?? []), charge])
  }
  const [first] = [...byMonth.keys()].sort()
  if (first === undefined) return []
  const keys = Array.from({ length: monthsShownMax }, (_, ago) =>
    monthsBefore(last, monthsShownMax - 1 - ago),
  )
  return keys
    .filter((key) => key >= first)
    .map((key) => ({ key, ...figuresOf(byMonth.get(key) ?? [], exponent) }))
}

function sitesOf(charges: readonly ChargeRecord[], exponent: number): readonly SiteFigures[] {
  const bySite = new Map<string, ChargeRecord[]>()
  for (const charge of charges) bySite.set(charge.siteId, [...(bySite.get(charge.siteId) ?? []), charge])
  return [...bySite]
    .map(([siteId, there]) => ({
      siteId,
      siteLabel: there[0]?.siteLabel ?? siteId,
      ...figuresOf(there, exponent),
    }))
    .sort((left, right) => right.energyWh - left.energyWh || (left.siteId < right.siteId ? -1 : 1))
    .slice(0, sitesShownMax)
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that divides `max` into at most `partsMax`, and the axis' end. */
export function axisSteps(max: number, partsMax = 4): { readonly step: number; readonly end: number } {
  const least = Math.max(1, Math.ceil(max / partsMax))
  const power = 10 ** Math.floor(Math.log10(least))
  const step =
    [1, 2, 2.5, 5, 10].map((part) => Math.round(part * power)).find((size) => size >= least) ?? least
  return { step, end: Math.max(step, Math.ceil(max / step) * step) }
}
