/** Pure: from days to months, and from tokens to drivers, vehicles and what is nearest to its budget. */

import { costliestMax, nearestMax } from './list-lengths'
import type { DaySpend, MonthOfTokens, MonthSums, TokenSpend } from './spend'

export interface Spender {
  /** The driver's or vehicle's id; of a driver without one, the token's. */
  readonly id: string
  readonly name: string
  /** Where the list of tokens shows it alone. */
  readonly tokenId: string | null
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
}

export interface MonthSpend {
  /** The first of it, midnight UTC. */
  readonly monthS: number
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
}

export function byMonth(days: readonly DaySpend[]): readonly MonthSpend[] {
  const months = new Map<number, MonthSpend>()
  for (const day of days) {
    const date = new Date(day.dayS * 1_000)
    const monthS = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1_000
    const before = months.get(monthS) ?? { monthS, sessions: 0, energyWh: 0, costMinor: 0 }
    months.set(monthS, { monthS, ...added(before, day) })
  }
  return [...months.values()].sort((left, right) => left.monthS - right.monthS)
}

/** A driver may have several tokens; a token that names no driver stands for itself. */
export const byDriver = (tokens: readonly TokenSpend[]): readonly Spender[] =>
  costliest(tokens, (token) => ({
    id: token.driverId ?? token.tokenId,
    name: token.holderName ?? token.driverName,
    tokenId: token.driverId === null ? token.tokenId : null,
  }))

/** Tokens without a vehicle are left out. */
export const byVehicle = (tokens: readonly TokenSpend[]): readonly Spender[] =>
  costliest(tokens, ({ vehicleId, plate }) =>
    vehicleId === null ? undefined : { id: vehicleId, name: plate ?? '', tokenId: null },
  )

type Named = Pick<Spender, 'id' | 'name' | 'tokenId'>

function costliest(
  tokens: readonly TokenSpend[],
  nameOf: (token: TokenSpend) => Named | undefined,
): readonly Spender[] {
  const spenders = new Map<string, Spender>()
  for (const token of tokens) {
    const named = nameOf(token)
    if (named === undefined || token.sessions === 0) continue
    const before = spenders.get(named.id) ?? { ...named, sessions: 0, energyWh: 0, costMinor: 0 }
    spenders.set(named.id, { ...before, ...added(before, token) })
  }
  return [...spenders.values()]
    .sort((left, right) => right.costMinor - left.costMinor || left.id.localeCompare(right.id))
    .slice(0, costliestMax)
}

interface Sums {
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
}

const added = (left: Sums, right: Sums): Sums => ({
  sessions: left.sessions + right.sessions,
  energyWh: left.energyWh + right.energyWh,
  costMinor: left.costMinor + right.costMinor,
})

/** Of all tokens, with a budget or without: settled since the month began, and open holds. */
export interface MonthBudget extends MonthSums {
  /** Live tokens that have the least left of their month, by share. */
  readonly nearest: readonly {
    readonly tokenId: string
    readonly driverName: string
    readonly usedMinor: number
    readonly limitMinor: number
  }[]
}

export const monthBudget = ({ sums, tokens }: MonthOfTokens): MonthBudget => ({
  ...sums,
  nearest: tokens
    .filter((token) => token.isLive && token.monthLimitMinor > 0 && used(token) > 0)
    .sort((left, right) => shareOf(right) - shareOf(left) || left.tokenId.localeCompare(right.tokenId))
    .slice(0, nearestMax)
    .map((token) => ({
      ...{ tokenId: token.tokenId, driverName: token.driverName },
      ...{ usedMinor: used(token), limitMinor: token.monthLimitMinor },
    })),
})

const used = ({ costMinor, heldMinor }: TokenSpend): number => costMinor + heldMinor
const shareOf = (token: TokenSpend): number => used(token) / token.monthLimitMinor

export interface Tries {
  readonly answered: number
  readonly atFirst: number
  readonly declined: number
}

export function triesOf(days: readonly DaySpend[]): Tries {
  const sumOf = (figure: keyof Tries): number => days.reduce((sum, day) => sum + day[figure], 0)
  return { answered: sumOf('answered'), atFirst: sumOf('atFirst'), declined: sumOf('declined') }
}
