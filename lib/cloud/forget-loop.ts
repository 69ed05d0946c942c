/**
 * Forgets what has served its time, once a day, for as long as the worker runs. As a role of its own over a connection of
 * its own, so that whatever else the process does cannot delete evidence.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Cloud } from './context'
import { inTenant, openDatabase } from './database/connection'
import { forgetAllOld, retentionRole, type Forgotten } from './database/retention'

const daySpanS = 86_400
const lookEveryMs = 600_000

export async function runForgetting(cloud: Cloud, databaseUrl: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await forgetDaily(cloud, databaseUrl, signal)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      process.stderr.write(`worker: nothing was forgotten today (npm run db -- clean): ${why}\n`)
    }
    await wait(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Undefined: this day's was begun already, by this worker or another one. What one leaves over is the next day's. */
export async function forgetDaily(
  cloud: Cloud,
  databaseUrl: string,
  signal?: AbortSignal,
): Promise<Forgotten | undefined> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  if (!(await isMine(cloud, nowS))) return undefined
  const keeper = openDatabase(databaseUrl, { connections: 1, role: retentionRole })
  return forgetAllOld(keeper, tenant, nowS, signal).finally(() => keeper.destroy())
}

/** Of workers that ask at once one waits for the other's row, and finds it begun. */
const isMine = (cloud: Cloud, nowS: number): Promise<boolean> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { rows } = await sql`
      insert into daily_work as w (tenant, work, begun_at_s) values (${cloud.config.tenant}, 'forget', ${nowS}::bigint)
      on conflict (tenant, work) do update set begun_at_s = excluded.begun_at_s
        where w.begun_at_s <= excluded.begun_at_s - ${daySpanS}::bigint
      returning 1`.execute(tx)
    return rows.length > 0
  })
