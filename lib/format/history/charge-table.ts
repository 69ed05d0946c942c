/**
 * Charges as a table for bookkeeping: one row each, amounts as plain decimals in the sign of the language. Employers who
 * pay back what was charged on the driver's own credit find that amount in a column of its own.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import { csvText } from '../csv-write'
import { decimalText } from '../decimal'
import type { Locale } from '../locale'
import type { ChargeRecord, ChargeState, Payer } from './charge-record'

export const chargeColumns = [
  'started',
  'ended',
  'site',
  'bay',
  'charger',
  'operator',
  'receipt',
  'energyKwh',
  'meterStartKwh',
  'meterStopKwh',
  'minutes',
  'idleMinutes',
  'currency',
  'energyAmount',
  'timeAmount',
  'sessionAmount',
  'idleAmount',
  'net',
  'taxPercent',
  'tax',
  'total',
  'refunded',
  'paidBy',
  'fleet',
  'toReimburse',
  'state',
  'session',
] as const
export type ChargeColumn = (typeof chargeColumns)[number]

export interface ChargeTableWords {
  column(column: ChargeColumn): string
  payer(payer: Payer): string
  state(state: ChargeState): string
}

/** Whole minutes, begun ones counted: as parking and idle fees are. */
const minutesOf = (spanS: number): string => String(Math.ceil(spanS / 60))

/** "2026-08-11 14:10:05" in the given zone: sorts by itself and means the same to every spreadsheet. */
function dateText(atS: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return format.format(atS * 1_000)
}

export function chargesCsv(
  charges: readonly ChargeRecord[],
  words: ChargeTableWords,
  { locale, timeZone }: { readonly locale: Locale; readonly timeZone: string },
): string {
  const comma = locale === 'de'
  const decimal = (value: number, decimals: number): string => {
    const text = decimalText(value, decimals)
    return comma ? text.replace('.', ',') : text
  }
  const row = (charge: ChargeRecord): readonly string[] => {
    const money = (amountMinor: number): string =>
      decimal(amountMinor, minorUnitExponent(charge.currency) ?? 2)
    const cells: Record<ChargeColumn, string> = {
      started: charge.state === 'unused' ? '' : dateText(charge.startS, timeZone),
      ended: dateText(charge.endedAtS, timeZone),
      site: charge.siteLabel,
      bay: charge.bayLabel,
      charger: charge.chargerId,
      operator: charge.operatorName,
      receipt: charge.state === 'unused' ? '' : String(charge.receiptNumber),
      energyKwh: decimal(charge.energyWh, 3),
      meterStartKwh: decimal(charge.meterStartWh, 3),
      meterStopKwh: decimal(charge.meterStopWh, 3),
      minutes: minutesOf(charge.chargingS),
      idleMinutes: minutesOf(charge.idleS),
      currency: charge.currency,
      energyAmount: money(charge.lines.energyMinor),
      timeAmount: money(charge.lines.timeMinor),
      sessionAmount: money(charge.lines.sessionMinor),
      idleAmount: money(charge.lines.idleMinor),
      net: money(charge.totalMinor - charge.taxMinor),
      taxPercent: decimal(charge.taxBasisPoints, 2),
      tax: money(charge.taxMinor),
      total: money(charge.totalMinor),
      refunded: money(charge.refundedMinor),
      paidBy: words.payer(charge.payer),
      fleet: charge.fleetName ?? '',
      toReimburse: money(
        charge.payer === 'fleet' ? 0 : Math.max(0, charge.totalMinor - charge.refundedMinor),
      ),
      state: words.state(charge.state),
      session: charge.sessionId,
    }
    return chargeColumns.map((column) => cells[column])
  }
  return csvText([chargeColumns.map(words.column), ...charges.map(row)], comma ? ';' : ',')
}
