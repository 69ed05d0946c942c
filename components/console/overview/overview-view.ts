/** What the overview draws, and the spans that its plots can show. */

import type { readDashboard } from '@/lib/cloud/operations/dashboard'
import type { AnswerOf } from '@/lib/cloud/operations/operation'

export type Dashboard = AnswerOf<typeof readDashboard>

export const spans = ['30', '90', 'months'] as const
export type SpanChoice = (typeof spans)[number]

export interface OverviewView {
  readonly name: string
  readonly dashboard: Dashboard
  readonly span: SpanChoice
  readonly nowS: number
  /** The operator did not answer since. */
  readonly isStale: boolean
}

export interface Point {
  readonly atS: number
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
}

const dayS = 86_400

/** A point for every day or month of the span, those without sessions included; oldest first. */
export function pointsOf({ days, months, asOfS }: Dashboard, span: SpanChoice): readonly Point[] {
  if (span === 'months') {
    const now = new Date(asOfS * 1_000)
    const firsts = Array.from(
      { length: 12 },
      (_, back) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 11 + back, 1) / 1_000,
    )
    const found = new Map(months.map((month) => [month.monthS, month]))
    return firsts.map((atS) => pointOf(atS, found.get(atS)))
  }
  const count = Number(span)
  const todayS = Math.floor(asOfS / dayS) * dayS
  const found = new Map(days.map((day) => [day.dayS, day]))
  return Array.from({ length: count }, (_, at) => {
    const atS = todayS - (count - 1 - at) * dayS
    return pointOf(atS, found.get(atS))
  })
}

const pointOf = (atS: number, sums: Omit<Point, 'atS'> | undefined): Point => ({
  atS,
  sessions: sums?.sessions ?? 0,
  energyWh: sums?.energyWh ?? 0,
  costMinor: sums?.costMinor ?? 0,
})
