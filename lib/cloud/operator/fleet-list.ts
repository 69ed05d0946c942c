/** The operator's fleets, the most at risk first: whose sessions nobody has reported yet, who drew, who owes, who is frozen. */

import { sql } from 'kysely'
import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { freeOf } from '../credit/free-credit'
import type { CreditBooks } from '../credit/books'
import { transact, type TenantTransaction } from '../database/connection'
import { isOfFleet } from '../database/fleet-sessions'
import { creditLineAccount, fleetAccount, receivableAccount, type LedgerAccount } from '../ledger/accounts'
import { balancesOf } from '../ledger/queries'

export const fleetStates = ['risk', 'indebted', 'frozen'] as const
export type FleetState = (typeof fleetStates)[number]

export interface FleetQuestion {
  readonly search?: string | undefined
  readonly state?: FleetState | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
}

interface FoundFleet {
  readonly fleetId: string
  readonly fleetNumber: number
  readonly name: string
  readonly limitMinor: number
  readonly heldMinor: number
  readonly openSessions: number
  readonly oldestAtS: number | null
  readonly frozenAtS: number | null
  readonly frozenBecause: string | null
}

export interface ListedFleet extends FoundFleet {
  readonly freeMinor: number
  readonly drawnMinor: number
  readonly owedMinor: number
}

export interface FleetTotals {
  readonly fleets: number
  readonly frozen: number
  readonly heldMinor: number
  readonly openSessions: number
  readonly oldestAtS: number | null
  readonly drawnMinor: number
  readonly owedMinor: number
}

export interface FleetPage {
  readonly fleets: readonly ListedFleet[]
  readonly next: string | null
  readonly totals: FleetTotals
  readonly currency: CurrencyCode
  readonly asOfS: number
}

const pageSize = 50

interface Place {
  readonly heldMinor: number
  readonly fleetNumber: number
}

/** Whoever reports between two pages may move a fleet from one to the other; the pages are read anew every few seconds. */
export const fleetsOf = (cloud: CreditBooks, question: FleetQuestion): Promise<Result<FleetPage, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const place = question.after === undefined ? undefined : readPlace(question.after)
    if (question.after !== undefined && place === undefined) return err(refusal('api.malformed'))
    const found = await findFleets(cloud, tx, question, place)
    const shown = found.slice(0, pageSize)
    const last = found.length > pageSize ? shown.at(-1) : undefined
    return ok({
      fleets: await withBalances(cloud, tx, shown),
      next: last === undefined ? null : `${last.heldMinor}-${last.fleetNumber}`,
      totals: await totalsOf(cloud, tx),
      currency: cloud.config.currency,
      asOfS: cloud.clock.nowS(),
    })
  })

function readPlace(text: string): Place | undefined {
  const [, held, number] = /^(\d{1,15})-(\d{1,10})$/.exec(text) ?? []
  return held === undefined || number === undefined
    ? undefined
    : { heldMinor: Number(held), fleetNumber: Number(number) }
}

/** Said as the index of open holds has it: as many rows as sessions are under way, not as there ever were. */
const openHolds = (tenant: string) => sql`
  select s.owner, sum(s.hold_minor)::bigint as held, count(*)::bigint as sessions, min(s.authorized_at_s) as oldest
  from charging_sessions s
  where s.tenant = ${tenant} and s.hold_state = 'open' and ${isOfFleet('s.owner')} group by s.owner`

/** What a fleet has drawn and what it owes stand on two accounts of the books. */
const debtOf = (kind: 'credit-line:' | 'receivable:fleet-', currency: string) => sql`
  coalesce((select a.posted_debits - a.posted_credits from ledger_accounts a
    where a.tenant = f.tenant and a.account = ${kind}::text || f.fleet_id and a.currency = ${currency}), 0)`

async function findFleets(
  { config: { tenant, currency } }: CreditBooks,
  tx: TenantTransaction,
  { search = '', state }: FleetQuestion,
  place: Place | undefined,
): Promise<readonly FoundFleet[]> {
  const named = /^\d{1,8}$/.test(search)
    ? sql`f.fleet_number = ${Number(search)}`
    : sql`position(lower(${search}::text) in lower(f.name)) > 0`
  const { rows } = await sql<FoundFleet>`
    select f.fleet_id as "fleetId", f.fleet_number as "fleetNumber", f.name,
      coalesce(c.limit_minor, 0) as "limitMinor", coalesce(h.held, 0) as "heldMinor",
      coalesce(h.sessions, 0) as "openSessions", h.oldest as "oldestAtS",
      c.frozen_at_s as "frozenAtS", c.frozen_because as "frozenBecause"
    from fleets f
    left join (${openHolds(tenant)}) h on h.owner = 'fleet:' || f.fleet_id
    left join fleet_credit c on c.tenant = f.tenant and c.fleet_id = f.fleet_id
    where f.tenant = ${tenant} and ${search === '' ? sql`true` : named} and ${inState(state, currency)}
      and ${place === undefined ? sql`true` : beyond(place)}
    order by coalesce(h.held, 0) desc, f.fleet_number limit ${pageSize + 1}`.execute(tx)
  return rows
}

const beyond = ({ heldMinor, fleetNumber }: Place) => sql`(coalesce(h.held, 0) < ${heldMinor}::bigint
  or (coalesce(h.held, 0) = ${heldMinor}::bigint and f.fleet_number > ${fleetNumber}::bigint))`

function inState(state: FleetState | undefined, currency: string) {
  switch (state) {
    case undefined:
      return sql`true`
    case 'risk':
      return sql`h.held > 0`
    case 'indebted':
      return sql`${debtOf('credit-line:', currency)} + ${debtOf('receivable:fleet-', currency)} > 0`
    case 'frozen':
      return sql`c.frozen_at_s is not null`
  }
}

async function withBalances(
  { config: { tenant, currency } }: CreditBooks,
  tx: TenantTransaction,
  fleets: readonly FoundFleet[],
): Promise<readonly ListedFleet[]> {
  const accountsOf = ({ fleetId }: FoundFleet) => {
    const own = fleetAccount(fleetId)
    return { own, line: creditLineAccount(fleetId), owed: receivableAccount(own) }
  }
  const accounts: readonly LedgerAccount[] = fleets.flatMap((fleet) => Object.values(accountsOf(fleet)))
  const balances = await balancesOf(tx, tenant, accounts, currency)
  return fleets.map((fleet) => {
    const { own, line, owed } = accountsOf(fleet)
    const drawnMinor = 0 - (balances.get(line)?.postedMinor ?? 0)
    const availableMinor = balances.get(own)?.availableMinor ?? 0
    return {
      ...fleet,
      freeMinor: freeOf({ availableMinor, drawnMinor, limitMinor: fleet.limitMinor }),
      drawnMinor,
      owedMinor: 0 - (balances.get(owed)?.postedMinor ?? 0),
    }
  })
}

const noTotals: FleetTotals = {
  ...{ fleets: 0, frozen: 0, heldMinor: 0, openSessions: 0, oldestAtS: null, drawnMinor: 0, owedMinor: 0 },
}

async function totalsOf(
  { config: { tenant, currency } }: CreditBooks,
  tx: TenantTransaction,
): Promise<FleetTotals> {
  const { rows } = await sql<FleetTotals>`
    select count(*)::bigint as fleets, count(c.frozen_at_s)::bigint as frozen,
      coalesce(sum(h.held), 0)::bigint as "heldMinor", coalesce(sum(h.sessions), 0)::bigint as "openSessions",
      min(h.oldest) as "oldestAtS",
      coalesce(sum(${debtOf('credit-line:', currency)}), 0)::bigint as "drawnMinor",
      coalesce(sum(${debtOf('receivable:fleet-', currency)}), 0)::bigint as "owedMinor"
    from fleets f
    left join (${openHolds(tenant)}) h on h.owner = 'fleet:' || f.fleet_id
    left join fleet_credit c on c.tenant = f.tenant and c.fleet_id = f.fleet_id
    where f.tenant = ${tenant}`.execute(tx)
  return rows[0] ?? noTotals
}
