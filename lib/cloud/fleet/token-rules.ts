/** What a manager may say about how a token is spent: read from orders, kept in rows, told again to whoever asks. */

import type { Selectable } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { connectorPowerMostW } from '@/lib/protocol/messages/grant'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { FleetTokenRow } from '../database/tables/fleets'
import type { StoredToken } from '../issuance/fleet-terms'
import { knownSites } from '../issuance/queries'
import { mayHold, type NamedHolders } from './holders'
import { tokenLimits } from './token-limits'

/** As ordered: what is absent is not limited. */
export interface RuleOrder {
  readonly sessionCapMinor: number
  /** 0: no limit of the day (UTC). */
  readonly dailyLimitMinor: number
  /** 0: no limit of the calendar month (UTC). */
  readonly monthLimitMinor?: number | undefined
  /** Absent or empty: roaming. */
  readonly sites?: readonly string[] | undefined
  /** Minutes of the UTC day; from = to: all day, from > to: past midnight. */
  readonly fromMinute?: number | undefined
  readonly toMinute?: number | undefined
  /** Absent or null: any bay. */
  readonly connectorPowerMaxW?: number | null | undefined
  /** The policy's class for this vehicle: who is served first, and by which limits. */
  readonly vehicleClass?: number | undefined
  readonly driverId?: string | null | undefined
  readonly vehicleId?: string | null | undefined
}

export interface TokenRules {
  readonly sessionCapMinor: number
  readonly dailyLimitMinor: number
  readonly monthLimitMinor: number
  readonly sites: readonly string[]
  readonly fromMinute: number
  readonly toMinute: number
  readonly connectorPowerMaxW: number | null
  readonly vehicleClass: number
  readonly driverId: string | null
  readonly vehicleId: string | null
}

export const rulesOf = (token: Omit<StoredToken, 'fleet_number'>): TokenRules => ({
  sessionCapMinor: token.session_cap_minor,
  dailyLimitMinor: token.daily_limit_minor,
  monthLimitMinor: token.month_limit_minor,
  sites: token.sites,
  fromMinute: token.from_minute,
  toMinute: token.to_minute,
  connectorPowerMaxW: token.connector_power_max_w,
  vehicleClass: token.vehicle_class,
  driverId: token.driver_id,
  vehicleId: token.vehicle_id,
})

export function areSound(order: RuleOrder): boolean {
  const isWithin = (value: number | undefined, least: number, most: number): boolean =>
    value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)
  return (
    order.sessionCapMinor > 0 &&
    order.dailyLimitMinor >= 0 &&
    isWithin(order.monthLimitMinor, 0, Number.MAX_SAFE_INTEGER) &&
    isWithin(order.fromMinute, 0, tokenLimits.minuteMost) &&
    isWithin(order.toMinute, 0, tokenLimits.minuteMost) &&
    isWithin(order.connectorPowerMaxW ?? undefined, 1, connectorPowerMostW) &&
    isWithin(order.vehicleClass, 0, tokenLimits.vehicleClassMost)
  )
}

type RuleColumns = Pick<
  Selectable<FleetTokenRow>,
  | 'session_cap_minor'
  | 'daily_limit_minor'
  | 'month_limit_minor'
  | 'sites'
  | 'from_minute'
  | 'to_minute'
  | 'connector_power_max_w'
  | 'vehicle_class'
  | 'driver_id'
  | 'vehicle_id'
>

/** As they stand in the row; refused where a site is none of the operator's, or a holder none of the fleet's. */
export async function ruleColumns(
  cloud: Cloud,
  tx: TenantTransaction,
  { fleetId, ...order }: RuleOrder & { readonly fleetId: string },
  before?: NamedHolders,
): Promise<Result<RuleColumns, Refusal>> {
  const { tenant } = cloud.config
  if (!(await mayHold(tx, { tenant, fleetId }, order, before))) return err(refusal('api.not-found'))
  const sites = await knownSites(tx, tenant, order.sites ?? [])
  if (sites === undefined) return err(refusal('grant.site'))
  return ok({
    session_cap_minor: order.sessionCapMinor,
    daily_limit_minor: order.dailyLimitMinor,
    month_limit_minor: order.monthLimitMinor ?? 0,
    sites: [...sites],
    from_minute: order.fromMinute ?? 0,
    to_minute: order.toMinute ?? 0,
    connector_power_max_w: order.connectorPowerMaxW ?? null,
    vehicle_class: order.vehicleClass ?? 0,
    driver_id: order.driverId ?? null,
    vehicle_id: order.vehicleId ?? null,
  })
}
