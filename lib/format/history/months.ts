/** Charges by the calendar months of a time zone, with what each month adds up to. */

import { dateFormat } from '../intl-cache'
import type { ChargeRecord } from './charge-record'

/** "2026-08": sorts by itself, and stands in addresses. */
export function monthKeyOf(atS: number, timeZone: string): string {
  const parts = dateFormat('en', { timeZone, year: 'numeric', month: '2-digit' }).formatToParts(atS * 1_000)
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}`
}

const monthKeyPattern = /^(\d{4})-(\d{2})$/

/** A moment that lies in this month in every time zone; undefined for text that names none. */
export function middleOfMonthS(key: string): number | undefined {
  const [, year, month] = monthKeyPattern.exec(key) ?? []
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, 15, 12) / 1_000
}

/** The month `count` months before. */
export function monthsBefore(key: string, count: number): string {
  const [year = 0, month = 1] = key.split('-').map(Number)
  const index = year * 12 + (month - 1) - count
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((((index % 12) + 12) % 12) + 1).padStart(2, '0')}`
}

export interface CurrencySum {
  readonly currency: string
  readonly amountMinor: number
}

/** Currencies are never added to each other: each has its own sum, the largest business first. */
export function sumsByCurrency(
  charges: readonly Pick<ChargeRecord, 'currency' | 'totalMinor'>[],
): readonly CurrencySum[] {
  const sums = new Map<string, { count: number; amountMinor: number }>()
  for (const { currency, totalMinor } of charges) {
    const sum = sums.get(currency) ?? { count: 0, amountMinor: 0 }
    sums.set(currency, { count: sum.count + 1, amountMinor: sum.amountMinor + totalMinor })
  }
  return [...sums]
    .sort(([left, { count }], [right, other]) => other.count - count || (left < right ? -1 : 1))
    .map(([currency, { amountMinor }]) => ({ currency, amountMinor }))
}

export interface MonthGroup<Charge> {
  readonly key: string
  readonly charges: readonly Charge[]
  readonly sums: readonly CurrencySum[]
  readonly energyWh: number
}

/** Keeps the order of what it is given; months come in the order of their first charge. */
export function groupByMonth<
  Charge extends Pick<ChargeRecord, 'endedAtS' | 'currency' | 'totalMinor' | 'energyWh'>,
>(charges: readonly Charge[], timeZone: string): readonly MonthGroup<Charge>[] {
  const groups = new Map<string, Charge[]>()
  for (const charge of charges) {
    const key = monthKeyOf(charge.endedAtS, timeZone)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [charge])
    else group.push(charge)
  }
  return [...groups].map(([key, inMonth]) => ({
    key,
    charges: inMonth,
    sums: sumsByCurrency(inMonth),
    energyWh: inMonth.reduce((sum, { energyWh }) => sum + energyWh, 0),
  }))
}
