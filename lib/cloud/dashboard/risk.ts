/** What of a fleet's money is out of sight: open holds, whose news they wait for, doubts, and refunds under way. */

import { sql } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { isOfFleet } from '../database/fleet-sessions'
import type { OwnerAccount } from '../ledger/accounts'

interface OpenHolds {
  readonly heldMinor: number
  readonly sessions: number
  readonly oldestAtS: number | null
}

interface Unsynced {
  readonly sinceS: number
  readonly sessions: number
  readonly heldMinor: number
}

interface UnsyncedCharger extends Unsynced {
  /** When its log came last, about whatever; null: never. */
  readonly lastHeardAtS: number | null
  readonly chargerId: string
  readonly siteLabel: string | null
  readonly bayLabel: string | null
}

interface UnsyncedPhone extends Unsynced {
  readonly tokenId: string
  readonly driverName: string
}

interface Doubts {
  readonly cases: number
  readonly doubleSpends: number
  readonly disputedMinor: number
  readonly oldestAtS: number | null
}

interface Refunds {
  readonly count: number
  readonly amountMinor: number
  readonly oldestAtS: number | null
}

/** The kinds of case that say that the same credit may have been spent twice. */
const doubleSpendKinds = ['fork', 'double-spend', 'after-close']

export interface FleetOwner {
  readonly tenant: OperatorId
  readonly fleetId: string
  readonly owner: OwnerAccount
}

/** Said as the index of open holds has it. */
const openOf = ({ tenant, owner }: FleetOwner) => sql`
  s.tenant = ${tenant} and s.owner = ${owner} and s.hold_state = 'open' and ${isOfFleet('s.owner')}`

export async function openHolds(tx: TenantTransaction, fleet: FleetOwner): Promise<OpenHolds> {
  const { rows } = await sql<OpenHolds>`
    select coalesce(sum(s.hold_minor), 0)::bigint as "heldMinor", count(*) as sessions,
      min(s.authorized_at_s) as "oldestAtS"
    from charging_sessions s where ${openOf(fleet)}`.execute(tx)
  return rows[0] ?? { heldMinor: 0, sessions: 0, oldestAtS: null }
}

/** The charger that has kept an open hold waiting longest. */
export async function oldestCharger(
  tx: TenantTransaction,
  fleet: FleetOwner,
): Promise<UnsyncedCharger | null> {
  const { rows } = await sql<UnsyncedCharger>`
    select w.*, (select max(l.updated_at_s) from device_logs l
      where l.tenant = ${fleet.tenant} and l.device = w."chargerId" and l.size > 0) as "lastHeardAtS"
    from (
      select s.charger_id as "chargerId", max(s.site_label) as "siteLabel", max(s.bay_label) as "bayLabel",
        min(s.authorized_at_s) as "sinceS", count(*) as sessions, sum(s.hold_minor)::bigint as "heldMinor"
      from charging_sessions s
      where ${openOf(fleet)} and not s.by_charger and s.charger_id is not null
      group by s.charger_id order by min(s.authorized_at_s), s.charger_id limit 1
    ) w`.execute(tx)
  return rows[0] ?? null
}

/** The phone that has not told of an open hold for longest: its charger did, or another driver's phone for it. */
export async function oldestPhone(tx: TenantTransaction, fleet: FleetOwner): Promise<UnsyncedPhone | null> {
  const { tenant, fleetId } = fleet
  const { rows } = await sql<UnsyncedPhone>`
    select t.token_id as "tokenId", t.driver_name as "driverName", w."sinceS", w.sessions, w."heldMinor"
    from (
      select coalesce(g.root_serial, g.serial) as root, min(s.authorized_at_s) as "sinceS", count(*) as sessions,
        sum(s.hold_minor)::bigint as "heldMinor"
      from charging_sessions s join grants g on g.tenant = s.tenant and g.serial = s.serial
      where ${openOf(fleet)} and not s.by_phone
      group by 1
    ) w
    join fleet_tokens t on t.tenant = ${tenant} and t.fleet_id = ${fleetId} and t.serial = w.root
    order by w."sinceS", t.token_id limit 1`.execute(tx)
  return rows[0] ?? null
}

/** Case by case by the session's key: there are few of them, which the planner cannot know. */
export async function doubts(tx: TenantTransaction, { tenant, owner }: FleetOwner): Promise<Doubts> {
  const { rows } = await sql<Doubts>`
    select count(*) as cases, count(*) filter (where c.kind = any(${doubleSpendKinds}::text[])) as "doubleSpends",
      coalesce(sum(s.disputed_minor), 0)::bigint as "disputedMinor", min(c.opened_at_s) as "oldestAtS"
    from cases c
    left join lateral (
      select o.owner, o.disputed_minor from charging_sessions o
      where o.tenant = ${tenant} and o.session_id = c.session_id offset 0
    ) s on true
    where c.tenant = ${tenant} and c.state <> 'decided' and (s.owner = ${owner} or exists (
      select from reserves r where r.tenant = ${tenant} and r.serial = c.serial and r.owner = ${owner}))`.execute(
    tx,
  )
  return rows[0] ?? { cases: 0, doubleSpends: 0, disputedMinor: 0, oldestAtS: null }
}

/** What goes back to the card that it came from and has not been confirmed by the provider. */
export async function refundsUnderWay(
  tx: TenantTransaction,
  { tenant, owner }: FleetOwner,
): Promise<Refunds> {
  const { rows } = await sql<Refunds>`
    select count(*) as count, coalesce(sum(a.amount_minor), 0)::bigint as "amountMinor",
      min(a.created_at_s) as "oldestAtS"
    from card_acts a join card_payments p on p.tenant = a.tenant and p.payment_id = a.payment_id
    where a.tenant = ${tenant} and a.state = 'waiting' and a.kind = 'refund' and p.owner = ${owner}`.execute(
    tx,
  )
  return rows[0] ?? { count: 0, amountMinor: 0, oldestAtS: null }
}
