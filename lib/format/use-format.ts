/** Figures in the language of the nearest `Messages` provider, and in its time zone or the device's. For components only. */

import { useMemo } from 'react'
import { useLocale, useTimeZone } from 'use-intl'
import { formatBytes } from './bytes'
import { deviceTimeZone } from './device-time-zone'
import { formatEnergy, formatEnergyExact, formatPower } from './energy'
import { formatAmount, formatMoney, formatMoneyShort, formatPercent, formatPlain, formatRate } from './money'
import {
  formatAge,
  formatClock,
  formatDay,
  formatDuration,
  formatMoment,
  formatMonth,
  formatMonthShort,
  formatTimestamp,
} from './time'

export interface Formats {
  money(amountMinor: number, currency: string): string
  moneyShort(amountMinor: number, currency: string): string
  rate(rate: number, currency: string): string
  percent(basisPoints: number): string
  energy(energyWh: number): string
  energyExact(energyWh: number): string
  power(powerW: number): string
  moment(atS: number, nowS: number): string
  timestamp(atS: number): string
  day(atS: number): string
  clock(atS: number): string
  month(atS: number): string
  /** A letter or three, under a bar. */
  monthShort(atS: number): string
  /** Thousandths as whole figures, for an axis with its unit above. */
  kilo(value: number): string
  /** An amount without its currency, for an axis. */
  amount(amountMinor: number, currency: string): string
  rateNumber(rate: number): string
  duration(spanS: number): string
  count(value: number): string
  /** Sizes of data, in thousands: "12.3 kB". */
  bytes(size: number): string
  age(atS: number, nowS: number): string
}

export function useFormat(): Formats {
  const locale = useLocale()
  const given = useTimeZone()
  return useMemo(() => {
    const zone = (): string => given ?? deviceTimeZone()
    return {
      money: (amountMinor, currency) => formatMoney(locale, amountMinor, currency),
      moneyShort: (amountMinor, currency) => formatMoneyShort(locale, amountMinor, currency),
      rate: (rate, currency) => formatRate(locale, rate, currency),
      percent: (basisPoints) => formatPercent(locale, basisPoints),
      energy: (energyWh) => formatEnergy(locale, energyWh),
      energyExact: (energyWh) => formatEnergyExact(locale, energyWh),
      power: (powerW) => formatPower(locale, powerW),
      moment: (atS, nowS) => formatMoment(locale, atS, { nowS, timeZone: zone() }),
      timestamp: (atS) => formatTimestamp(locale, atS, zone()),
      day: (atS) => formatDay(locale, atS, zone()),
      clock: (atS) => formatClock(locale, atS, zone()),
      month: (atS) => formatMonth(locale, atS, zone()),
      monthShort: (atS) => formatMonthShort(locale, atS, zone()),
      kilo: (value) => formatPlain(locale, value, 3),
      amount: (amountMinor, currency) => formatAmount(locale, amountMinor, currency),
      rateNumber: (rate) => formatPlain(locale, rate, 4),
      duration: (spanS) => formatDuration(locale, spanS),
      count: (value) => formatPlain(locale, value, 0),
      bytes: (size) => formatBytes(locale, size),
      age: (atS, nowS) => formatAge(locale, atS, nowS),
    }
  }, [locale, given])
}
