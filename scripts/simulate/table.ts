/** The outcome of a replay as a table for people. */

import { formatEnergy } from '@/lib/format/energy'
import { formatMoney } from '@/lib/format/money'
import type { ReplayFigures, ReplayedSession } from '@/simulator/replay/outcome'
import { isCutByCap, isLost } from '@/simulator/replay/outcome'

const locale = 'en'
const columns = [
  'charger',
  'plugged in (UTC)',
  'driver',
  'pays',
  'trace',
  'charged',
  'held',
  'paid',
  'books',
  '',
]

export function sessionTable(sessions: readonly ReplayedSession[], currency: string): readonly string[] {
  const rows = sessions.map((session) => rowOf(session, currency))
  const widths = columns.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(columns), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)]
}

function rowOf(session: ReplayedSession, currency: string): readonly string[] {
  const { chargerId, startS, driver, pays, traceEnergyWh, delivery, booked } = session
  const money = (amountMinor: number | null | undefined): string =>
    typeof amountMinor === 'number' ? formatMoney(locale, amountMinor, currency) : '–'
  const ended = delivery.kind === 'ended' ? delivery : undefined
  return [
    chargerId,
    new Date(startS * 1_000).toISOString().slice(0, 16).replace('T', ' '),
    driver,
    pays,
    formatEnergy(locale, traceEnergyWh),
    ended === undefined ? '–' : formatEnergy(locale, ended.energyWh),
    money(ended?.holdMinor),
    money(booked?.totalMinor),
    booked?.state ?? '–',
    noteOf(session),
  ]
}

function noteOf(session: ReplayedSession): string {
  const { delivery } = session
  if (isLost(session)) return 'LOST'
  if (delivery.kind === 'refused') return `refused: ${delivery.code}`
  return delivery.kind === 'ended' && isCutByCap(session) ? `cut: ${delivery.stopReason}` : ''
}

export function summaryLines(figures: ReplayFigures, currency: string): readonly string[] {
  const { firstByPhone, firstByCharger, duplicatesIgnored, ledgerImbalanceMinor } = figures
  return [
    `${figures.sessions} sessions of ${figures.drivers} drivers: ${figures.settled} settled, ${figures.pending} pending, ${figures.refused} refused, ${figures.lost} lost; ${figures.cutByCap} cut by a cap`,
    `${formatEnergy(locale, figures.energyWh)} charged of ${formatEnergy(locale, figures.traceEnergyWh)} in the trace, for ${formatMoney(locale, figures.settledMinor, currency)}`,
    `${firstByPhone} receipts came first by phone, ${firstByCharger} by charger; ${duplicatesIgnored} came again and changed nothing`,
    `ledger imbalance ${formatMoney(locale, ledgerImbalanceMinor, currency)}; ${figures.cases} open cases; ${(figures.elapsedMs / 1_000).toFixed(1)} s`,
  ]
}
