/** What a fleet's manager sees: money first, then tokens and sessions. */

import { sql } from 'kysely'
import type { Refusal } from '@/lib/core/reason'
import { refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { FleetResponse, FleetToken } from '../api-types/fleet'
import { openCaseCountOf } from '../cases/queries'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { sessionsOfOwner } from '../ingest/queries'
import { reservedOf } from '../issuance/queries'
import { fleetAccount, receivableAccount } from '../ledger/accounts'
import { balancesOf } from '../ledger/queries'

export async function fleetOverview(cloud: Cloud, fleetId: string): Promise<Result<FleetResponse, Refusal>> {
  const { tenant, currency } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const fleet = await tx
      .selectFrom('fleets')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .executeTakeFirst()
    if (fleet === undefined) return err(refusal('api.not-found'))
    const owner = fleetAccount(fleetId)
    const receivable = receivableAccount(owner)
    const balances = await balancesOf(tx, tenant, [owner, receivable], currency)
    const { reservedMinor, heldMinor } = await reservedOf(tx, tenant, owner)
    const tokens = await tokensOf(cloud, tx, fleetId)
    const bySerial = new Map(tokens.map((token) => [token.serial, token]))
    const sessions = await sessionsOfOwner(tx, tenant, owner)
    const roots = await rootSerials(tx, tenant, owner)
    const tokenOf = (serial: string) => bySerial.get(roots.get(serial) ?? serial)
    return ok({
      fleetId,
      name: fleet.name,
      currency,
      balanceMinor: balances.get(owner)?.availableMinor ?? 0,
      reservedMinor,
      atRiskMinor: heldMinor,
      owedMinor: -(balances.get(receivable)?.postedMinor ?? 0) || 0,
      openCases: await openCaseCountOf(tx, tenant, owner),
      tokens: tokens.map(({ serial: _serial, ...token }) => token),
      sessions: sessions.map(({ serial, ...session }) => ({
        ...session,
        driverName: tokenOf(serial)?.driverName ?? '',
        tokenId: tokenOf(serial)?.tokenId ?? '',
      })),
      asOfS: cloud.clock.nowS(),
    })
  })
}

/** Grants that followed others → the first of their row, by which the token is known. */
async function rootSerials(
  tx: TenantTransaction,
  tenant: string,
  owner: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('grants')
    .select(['serial', 'root_serial'])
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .where('root_serial', 'is not', null)
    .orderBy('issued_at_s', 'desc')
    .limit(rootsMax)
    .execute()
  return new Map(rows.map((row) => [row.serial, row.root_serial ?? row.serial]))
}

const rootsMax = 2_000
const tokensMax = 500

async function tokensOf(
  cloud: Cloud,
  tx: TenantTransaction,
  fleetId: string,
): Promise<readonly (FleetToken & { readonly serial: string })[]> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const { rows } = await sql<TokenFigures>`
    select p.token_id, p.serial, p.driver_name, p.cap_minor, p.issued_at_s, p.expires_at_s, p.claimed_at_s,
      p.revoked_at_s, s.spent, s.held
    from (
      select t.* from fleet_tokens t where t.tenant = ${tenant} and t.fleet_id = ${fleetId}
      order by t.issued_at_s desc, t.token_id limit ${tokensMax}
    ) p
    cross join lateral (
      select coalesce(sum(c.posted_minor), 0)::bigint as spent,
        coalesce(sum(c.hold_minor) filter (where c.hold_state = 'open'), 0)::bigint as held
      from grants g join charging_sessions c on c.tenant = ${tenant} and c.serial = g.serial
      where g.tenant = ${tenant} and (g.serial = p.serial or g.root_serial = p.serial)
    ) s
    order by p.issued_at_s desc, p.token_id`.execute(tx)
  return rows.map((row) => ({
    tokenId: row.token_id,
    serial: row.serial,
    driverName: row.driver_name,
    state: stateOf(row, nowS),
    capMinor: row.cap_minor,
    spentMinor: row.spent,
    heldMinor: row.held,
    issuedAtS: row.issued_at_s,
    expiresAtS: row.expires_at_s,
    claimedAtS: row.claimed_at_s,
    revokedAtS: row.revoked_at_s,
  }))
}

interface TokenFigures {
  token_id: string
  serial: string
  driver_name: string
  cap_minor: number
  issued_at_s: number
  expires_at_s: number
  claimed_at_s: number | null
  revoked_at_s: number | null
  spent: number
  held: number
}

function stateOf(row: TokenFigures, nowS: number): FleetToken['state'] {
  if (row.revoked_at_s !== null) return 'revoked'
  if (row.expires_at_s <= nowS) return 'expired'
  return row.claimed_at_s === null ? 'unclaimed' : 'live'
}
