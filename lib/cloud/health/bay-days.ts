/**
 * Days of bays, from the events in which chargers tell them. The first word about a day stands: it is signed in the
 * charger's log, and a second one is the same event again, or a controller that lost its own book.
 */

import { sql } from 'kysely'
import type { ChargerId } from '@/lib/core/ids'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import type { ParsedBundle } from '@/lib/sync/bundle'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

const daySpanS = 86_400

/** Before the charger is answered: what it was not answered for it sends again. */
export async function noteBayDays(
  cloud: Cloud,
  tx: TenantTransaction,
  charger: ChargerId,
  { events }: ParsedBundle,
): Promise<void> {
  const { tenant } = cloud.config
  const today = Math.floor(cloud.clock.nowS() / daySpanS)
  const rows = events.filter(saysTelemetry).flatMap((bytes) => {
    const event = decodeJournalEvent(bytes)
    if (!event.ok || event.value.kind !== 'telemetry') return []
    const { day, bays } = event.value
    // A clock that was years ahead would fill days that have not been.
    return day > today ? [] : bays.map((bay) => ({ day, ...bay }))
  })
  const values = rows.map(({ day, connectorId, ...seconds }) => ({
    ...{ tenant, charger_id: charger, day, connector_id: connectorId },
    ...{ up_s: seconds.up, faulted_s: seconds.faulted, silent_s: seconds.silent },
    ...{ taken_out_s: seconds.takenOut, closed_s: seconds.closed, dark_s: seconds.dark },
  }))
  if (values.length === 0) return
  await tx
    .insertInto('bay_days')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** `[20, …]` in deterministic CBOR. */
const saysTelemetry = (event: Uint8Array): boolean => event[0] === 0x82 && event[1] === 0x14

export interface BayUptime {
  readonly chargerId: string
  readonly connectorId: number
  /** Days that were told, and the seconds of them in which it could charge. */
  readonly days: number
  readonly upS: number
  readonly allS: number
}

/** Of every bay, over days from `fromDay` on. One row a bay: thousands at most. */
export async function uptimeOfBays(
  tx: TenantTransaction,
  tenant: string,
  fromDay: number,
): Promise<readonly BayUptime[]> {
  const { rows } = await sql<{
    charger_id: string
    connector_id: number
    days: number
    up: number
    all: number
  }>`
    select charger_id, connector_id, count(*)::integer as days, sum(up_s)::integer as up,
      sum(up_s + faulted_s + silent_s + taken_out_s + closed_s + dark_s)::integer as all
    from bay_days where tenant = ${tenant} and day >= ${fromDay}
    group by charger_id, connector_id order by charger_id, connector_id`.execute(tx)
  return rows.map((row) => ({
    chargerId: row.charger_id,
    connectorId: row.connector_id,
    ...{ days: row.days, upS: row.up, allS: row.all },
  }))
}
