/**
 * What a token's day and month have left. Chargers keep the day under one grant; of months they know nothing, so the cloud
 * keeps them: no grant carries more than its month has left when it is signed. A grant that lives on into the next month
 * may spend there what it has left, and what follows it gets that month's limit less what was spent of it: no month ever
 * sees more than its limit.
 */

import { sql } from 'kysely'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

const dayS = 86_400

export interface TokenLimits {
  readonly serial: string
  readonly daily_limit_minor: number
  readonly month_limit_minor: number
}

export interface TokenBudget {
  readonly dayUsedUp: boolean
  /** Infinite where the month has no limit. */
  readonly monthLeftMinor: number
}

export async function budgetOf(
  cloud: Cloud,
  tx: TenantTransaction,
  { serial: root, daily_limit_minor: dayLimit, month_limit_minor: monthLimit }: TokenLimits,
): Promise<TokenBudget> {
  const nowS = cloud.clock.nowS()
  const today = dayLimit === 0 ? 0 : await usedSince(cloud, tx, root, Math.floor(nowS / dayS) * dayS)
  const inMonth = monthLimit === 0 ? 0 : await usedSince(cloud, tx, root, monthStartS(nowS))
  return {
    dayUsedUp: today > 0 && today >= dayLimit,
    monthLeftMinor: monthLimit === 0 ? Number.POSITIVE_INFINITY : Math.max(0, monthLimit - inMonth),
  }
}

/** Midnight UTC of the first of the calendar month. */
export function monthStartS(nowS: number): number {
  const now = new Date(nowS * 1_000)
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) / 1_000
}

/** Spent and held since then under all grants of the token. */
async function usedSince(cloud: Cloud, tx: TenantTransaction, root: string, sinceS: number): Promise<number> {
  const { tenant } = cloud.config
  const { rows } = await sql<{ used: number }>`
    select coalesce(sum(coalesce(s.posted_minor, s.hold_minor)), 0)::bigint as used
    from charging_sessions s
    join grants g on g.tenant = s.tenant and g.serial = s.serial
    where s.tenant = ${tenant} and (g.serial = ${root} or g.root_serial = ${root})
      and s.authorized_at_s >= ${sinceS}::bigint`.execute(tx)
  return rows[0]?.used ?? 0
}
