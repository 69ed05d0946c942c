/** Reserves as rows, beside the ledger's own. */

import { sql } from 'kysely'
import { grantSerial, sessionId, type CurrencyCode, type GrantSerial, type OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { ownerAccount, receivableAccount, reserveAccount } from '../ledger/accounts'
import { lockedBalancesOf } from '../ledger/queries'
import type { Books } from './settle'
import type { OpenHold, ReconcileTransaction } from './store'

type BooksOperations = Pick<
  ReconcileTransaction,
  'lockBooks' | 'writeCovered' | 'lockDueReserves' | 'endReserves' | 'lockLapsedHolds' | 'endHolds'
>

export const postgresBooks = (
  tx: TenantTransaction,
  tenant: OperatorId,
  currency: CurrencyCode,
): BooksOperations => ({
  lockBooks: (serials) => lockBooks(tx, tenant, currency, serials),
  async writeCovered({ reserves }) {
    const entries = [...reserves]
    await sql`
      update reserves r set covered_minor = n.covered_minor
      from unnest(${entries.map(([serial]) => serial)}::text[], ${entries.map(([, { coveredMinor }]) => coveredMinor)}::bigint[])
        as n (serial, covered_minor)
      where r.tenant = ${tenant} and r.serial = n.serial and r.covered_minor <> n.covered_minor`.execute(tx)
  },
  async lockDueReserves(nowS, countMax) {
    const due = await tx
      .selectFrom('reserves')
      .select('serial')
      .where('tenant', '=', tenant)
      .where('released_at_s', 'is', null)
      .where('release_after_s', '<', nowS)
      .orderBy('serial')
      .limit(countMax)
      .execute()
    if (due.length === 0) return { reserves: [], holds: [] }
    const serials = due.map(({ serial }) => serial)
    const holds = await sql<HoldRow>`
      select session_id, serial, hold_minor, currency from charging_sessions
      where tenant = ${tenant} and serial = any(${serials}::text[]) and hold_state = 'open'
      order by session_id collate "C" for update`.execute(tx)
    const reserves = await sql<{ serial: string; owner: string }>`
      select serial, owner from reserves
      where tenant = ${tenant} and serial = any(${serials}::text[]) and released_at_s is null
      order by serial collate "C" for update`.execute(tx)
    return {
      reserves: reserves.rows.map(({ serial, owner }) => ({
        serial: grantSerial(serial),
        owner: ownerAccount(owner),
      })),
      holds: holds.rows.map(toHold),
    }
  },
  async endReserves(serials, nowS) {
    await sql`
      update reserves set released_at_s = ${nowS}::bigint
      where tenant = ${tenant} and serial = any(${[...serials]}::text[])`.execute(tx)
  },
  async lockLapsedHolds(chargerIds, marginS) {
    // The expression on the counter leads to its index, where sessions without a receipt lie together.
    const { rows } = await sql<HoldRow>`
      select s.session_id, s.serial, s.hold_minor, s.currency from charging_sessions s
      where s.tenant = ${tenant} and s.charger_id = any(${[...chargerIds]}::text[]) and s.receipt_counter is null
        and s.hold_state = 'open' and s.offer_expires_at_s + ${marginS}::bigint < (
          select l.checkpoint_at_s from device_logs l
          where l.tenant = ${tenant} and l.device = s.charger_id order by l.epoch desc limit 1)
      order by s.session_id collate "C" for update of s`.execute(tx)
    return rows.map(toHold)
  },
  async endHolds(ids) {
    await sql`
      update charging_sessions set hold_state = 'resolved'
      where tenant = ${tenant} and session_id = any(${[...ids]}::text[])`.execute(tx)
  },
})

interface HoldRow {
  readonly session_id: string
  readonly serial: string
  readonly hold_minor: number
  readonly currency: string
}

const toHold = (row: HoldRow): OpenHold => ({
  sessionId: sessionId(row.session_id),
  serial: grantSerial(row.serial),
  holdMinor: row.hold_minor,
  currency: row.currency,
})

async function lockBooks(
  tx: TenantTransaction,
  tenant: OperatorId,
  currency: CurrencyCode,
  serials: readonly GrantSerial[],
): Promise<Books> {
  const books: Books = { reserves: new Map(), owners: new Map() }
  if (serials.length === 0) return books
  const { rows } = await sql<{
    serial: string
    owner: string
    released_at_s: number | null
    covered_minor: number
    closed_after: number | null
  }>`
    select r.serial, r.owner, r.released_at_s, r.covered_minor, c.last_seq as closed_after from reserves r
    left join grant_closes c on c.tenant = ${tenant} and c.serial = r.serial
    where r.tenant = ${tenant} and r.serial = any(${[...serials]}::text[])
    order by r.serial collate "C" for update of r`.execute(tx)
  const owners = [...new Set(rows.map(({ owner }) => ownerAccount(owner)))]
  const accounts = [
    ...rows.map(({ serial }) => reserveAccount(grantSerial(serial))),
    ...owners.flatMap((owner) => [owner, receivableAccount(owner)]),
  ]
  const balances = await lockedBalancesOf(tx, tenant, accounts, currency)
  for (const row of rows) {
    const serial = grantSerial(row.serial)
    books.reserves.set(serial, {
      owner: ownerAccount(row.owner),
      balanceMinor: balances.get(reserveAccount(serial))?.postedMinor ?? 0,
      coveredMinor: row.covered_minor,
      isReleased: row.released_at_s !== null,
      closedAfterSeq: row.closed_after ?? undefined,
    })
  }
  for (const owner of owners) {
    books.owners.set(owner, {
      availableMinor: balances.get(owner)?.availableMinor ?? 0,
      owedMinor: 0 - (balances.get(receivableAccount(owner))?.postedMinor ?? 0),
    })
  }
  return books
}
