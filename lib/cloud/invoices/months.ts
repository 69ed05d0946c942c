/** Calendar months in UTC, as `2026-09`, and the one that the books are in. */

import { sql } from 'kysely'
import type { TenantTransaction } from '../database/connection'

export const monthPattern = /^20\d\d-(?:0[1-9]|1[0-2])$/

export const monthAt = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 7)

export const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7)
}

/**
 * Months before this one are over. The books' own clock dates transfers, so it says what month it is; an hour on, no
 * transaction that began in the month before is still under way.
 */
export async function presentMonth(tx: TenantTransaction): Promise<string> {
  const { rows } = await sql<{ month: string }>`
    select to_char((now() - interval '1 hour') at time zone 'UTC', 'YYYY-MM') as month`.execute(tx)
  return rows[0]?.month ?? ''
}
