/** What Prometheus reads of the cloud: what waits, how old it is, what is open, what is owed. Nobody is named; no list is counted row by row that grows with the sessions. */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sql } from 'kysely'
import { gauge, metricHead, metricLine } from '@/lib/format/prometheus'
import { caseKinds } from '../cases/case-kinds'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { uptimeOfBays } from '../health/bay-days'
import { inboxProgress } from '../ingest/queries'
import { revocationLoad } from '../issuance/revocations'
import { classTotal } from '../ledger/queries'

const dayS = 86_400
const uptimeDays = 30
const letterStates = ['coming', 'whole', 'taken', 'unreadable'] as const
/** Chargers by how long ago the cloud last took in events of theirs. */
const overdueDays = [1, 7, 30] as const

const delay = monitorEventLoopDelay({ resolution: 20 })
delay.enable()

/** Prometheus' text format 0.0.4. */
export async function metricsText(cloud: Cloud): Promise<string> {
  const { tenant, currency } = cloud.config
  const nowS = cloud.clock.nowS()
  const lines = await inTenant(cloud.db, tenant, async (tx) => {
    const inbox = await inboxProgress(tx, tenant, nowS)
    const revocations = await revocationLoad(cloud, tx)
    const receivable = await classTotal(tx, tenant, 'receivable', currency)
    const reserves = await classTotal(tx, tenant, 'reserve', currency)
    const revenue = await classTotal(tx, tenant, 'revenue', currency)
    return [
      ...gauge('outpost_inbox_waiting', 'Uploads that nobody has worked on yet.', inbox.inboxWaiting),
      ...gauge('outpost_inbox_oldest_age_seconds', 'Age of the oldest of them.', inbox.inboxOldestS),
      ...gauge('outpost_inbox_done_per_minute', 'Uploads of the last minute.', inbox.inboxDonePerMinute),
      ...gauge('outpost_revocations_live', 'Grants and papers on the list.', revocations.live),
      ...gauge('outpost_revocations_waiting', 'Of these, what no answer can carry yet.', revocations.waiting),
      ...money('outpost_revenue_minor', 'Settled, without tax.', revenue.postedMinor, currency),
      ...money(
        'outpost_held_minor',
        'Held for running and unreported sessions.',
        reserves.pendingMinor,
        currency,
      ),
      ...money(
        'outpost_receivable_minor',
        'Owed by drivers and fleets.',
        -receivable.postedMinor || 0,
        currency,
      ),
      ...(await openCases(tx, tenant)),
      ...(await chargers(tx, tenant, nowS)),
      ...(await bySatellite(cloud, tx)),
      ...(await bays(tx, tenant, nowS)),
    ]
  })
  return [...lines, ...ofProcess()].join('\n') + '\n'
}

const money = (name: string, help: string, minor: number, currency: string): readonly string[] =>
  gauge(name, help, minor, { currency })

async function openCases(tx: TenantTransaction, tenant: string): Promise<readonly string[]> {
  const { rows } = await sql<{ kind: string; count: number }>`
    select kind, count(*)::integer as count from cases
    where tenant = ${tenant} and state <> 'decided' group by kind`.execute(tx)
  const counts = new Map(rows.map(({ kind, count }) => [kind, count]))
  return [
    ...metricHead('outpost_cases_open', 'Cases that nobody has decided.', 'gauge'),
    ...caseKinds.map((kind) => metricLine('outpost_cases_open', counts.get(kind) ?? 0, { kind })),
  ]
}

/** One row a charger: hundreds, not millions. */
async function chargers(tx: TenantTransaction, tenant: string, nowS: number): Promise<readonly string[]> {
  const { rows } = await sql<{ age: number | null }>`
    select (select ${nowS}::bigint - max(l.updated_at_s) from device_logs l
      where l.tenant = ${tenant} and l.device = c.charger_id) as age
    from chargers c where c.tenant = ${tenant}`.execute(tx)
  const { rows: gaps } = await sql<{ count: number }>`
    select count(*)::integer as count from device_gaps where tenant = ${tenant} and filled_at_s is null`.execute(
    tx,
  )
  const olderThan = (days: number): number =>
    rows.filter(({ age }) => age !== null && age > days * dayS).length
  return [
    ...gauge('outpost_chargers', 'Chargers that are registered.', rows.length),
    ...gauge(
      'outpost_chargers_never_heard',
      'Of these, of which no event ever came.',
      rows.filter(({ age }) => age === null).length,
    ),
    ...metricHead('outpost_chargers_overdue', 'Chargers without news for longer than so many days.', 'gauge'),
    ...overdueDays.map((days) =>
      metricLine('outpost_chargers_overdue', olderThan(days), { days: String(days) }),
    ),
    ...gauge('outpost_log_gaps', 'Logs of which something is missing.', gaps[0]?.count ?? 0),
  ]
}

/** One line a bay: what its charger's log says, and only that. */
async function bays(tx: TenantTransaction, tenant: string, nowS: number): Promise<readonly string[]> {
  const told = await uptimeOfBays(tx, tenant, Math.floor(nowS / dayS) - uptimeDays)
  const share = 'Share of the last thirty days that were told in which it could charge.'
  return [
    ...metricHead('outpost_bay_uptime_ratio', share, 'gauge'),
    ...told.map(({ chargerId, connectorId, upS, allS }) =>
      metricLine('outpost_bay_uptime_ratio', allS === 0 ? 0 : upS / allS, {
        charger: chargerId,
        bay: String(connectorId),
      }),
    ),
  ]
}

/** Letters of the last 90 days: a few for each charger that has nothing else. */
async function bySatellite(cloud: Cloud, tx: TenantTransaction): Promise<readonly string[]> {
  const { tenant, satellite } = cloud.config
  if (satellite === undefined) return []
  const { rows: letters } = await sql<{ state: string; count: number }>`
    select state, count(*)::integer as count from satellite_letters
    where tenant = ${tenant} group by state`.execute(tx)
  const { rows: answers } = await sql<{ count: number }>`
    select count(*)::integer as count from satellite_answers
    where tenant = ${tenant} and sent_at_s is null`.execute(tx)
  const counts = new Map(letters.map(({ state, count }) => [state, count]))
  return [
    ...metricHead('outpost_satellite_letters', 'Letters of the last 90 days, by how far they are.', 'gauge'),
    ...letterStates.map((state) =>
      metricLine('outpost_satellite_letters', counts.get(state) ?? 0, { state }),
    ),
    ...gauge(
      'outpost_satellite_answers_unsent',
      'Answers that the provider has not taken.',
      answers[0]?.count ?? 0,
    ),
  ]
}

function ofProcess(): readonly string[] {
  const p99S = delay.percentile(99) / 1e9
  delay.reset()
  return [
    ...gauge('process_resident_memory_bytes', 'Memory of this process.', process.memoryUsage.rss()),
    ...gauge(
      'outpost_event_loop_delay_p99_seconds',
      'Since the last reading.',
      Number.isFinite(p99S) ? p99S : 0,
    ),
    ...gauge('process_uptime_seconds', 'Since the start.', Math.floor(process.uptime())),
  ]
}
