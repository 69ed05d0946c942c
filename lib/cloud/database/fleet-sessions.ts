/** How queries find fleets' sessions by the indexes that hold no others (migration 0032). */

import { sql, type RawBuilder } from 'kysely'

/**
 * Owners are wallets, guests and fleets. Not said as "like 'fleet:%'": row-level security keeps the planner from looking at
 * what owners are called, and it takes whatever is like something for one row in hundreds. It would then read and sort the
 * million sessions of a fleet as if they were a few. Of what differs from something it expects nearly all.
 */
export const isOfFleet = (owner: string): RawBuilder<unknown> =>
  sql`left(${sql.ref(owner)}, 6) <> 'wallet' and left(${sql.ref(owner)}, 5) <> 'guest'`
