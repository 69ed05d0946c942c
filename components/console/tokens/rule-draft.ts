/** Rules as somebody types them, and as they are ordered. Pure. */

import { minorUnitExponent } from '@/lib/core/currency'
import type { Holder, Token, TokenRules } from './tokens-view'

/** Amounts in whole currency units; empty: no limit. */
export interface RuleDraft {
  readonly session: string
  readonly day: string
  readonly month: string
  /** `hh:mm`, UTC. */
  readonly from: string
  readonly to: string
  readonly powerKw: string
  readonly vehicleClass: string
  readonly sites: readonly string[]
  readonly driver: Holder | null
  readonly vehicle: Holder | null
}

export const scaleOf = (currency: string): number => 10 ** (minorUnitExponent(currency) ?? 2)

const usualSession = '60'

export const usualDraft: RuleDraft = {
  ...{ session: usualSession, day: '', month: '', from: '', to: '', powerKw: '', vehicleClass: '0' },
  ...{ sites: [], driver: null, vehicle: null },
}

export function draftOf(
  { rules, driver, vehicle }: Pick<Token, 'rules' | 'driver' | 'vehicle'>,
  currency: string,
): RuleDraft {
  const units = (minor: number): string => (minor === 0 ? '' : String(minor / scaleOf(currency)))
  const hasHours = rules.fromMinute !== rules.toMinute
  return {
    session: units(rules.sessionCapMinor),
    day: units(rules.dailyLimitMinor),
    month: units(rules.monthLimitMinor),
    from: hasHours ? clockOf(rules.fromMinute) : '',
    to: hasHours ? clockOf(rules.toMinute) : '',
    powerKw: rules.connectorPowerMaxW === null ? '' : String(rules.connectorPowerMaxW / 1_000),
    vehicleClass: String(rules.vehicleClass),
    sites: rules.sites,
    driver,
    vehicle,
  }
}

/** Undefined where something was typed that is no rule. */
export function rulesOfDraft(draft: RuleDraft, currency: string): TokenRules | undefined {
  const [session, day, month] = [draft.session, draft.day, draft.month].map((text) => minorOf(text, currency))
  const [from, to] = [minuteOf(draft.from), minuteOf(draft.to)]
  const powerW = draft.powerKw === '' ? null : Math.round(Number(draft.powerKw) * 1_000)
  if (session === undefined || session === 0 || day === undefined || month === undefined) return undefined
  if (from === undefined || to === undefined) return undefined
  if (powerW !== null && !(powerW >= 1 && powerW <= 4_000_000)) return undefined
  return {
    ...{ sessionCapMinor: session, dailyLimitMinor: day, monthLimitMinor: month, sites: draft.sites },
    ...{ fromMinute: from, toMinute: to, connectorPowerMaxW: powerW },
    vehicleClass: Number(draft.vehicleClass),
    ...{ driverId: draft.driver?.id ?? null, vehicleId: draft.vehicle?.id ?? null },
  }
}

export function minorOf(text: string, currency: string): number | undefined {
  if (text === '') return 0
  const minor = Math.round(Number(text) * scaleOf(currency))
  return Number.isSafeInteger(minor) && minor >= 0 ? minor : undefined
}

export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

function minuteOf(text: string): number | undefined {
  if (text === '') return 0
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? []
  return hours === undefined || minutes === undefined ? undefined : Number(hours) * 60 + Number(minutes)
}
