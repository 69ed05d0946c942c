/** A fleet's tokens as its people see them: a page at a time, with what was spent of each. */

import { sql, type RawBuilder } from 'kysely'
import { fromBase64Url, toBase64Url, utf8 } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { wholeUnits } from '@/lib/policy/defaults'
import type { Cloud } from '../context'
import { positionOf } from '../credit/credit-rows'
import { freeOf } from '../credit/free-credit'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { monthStartS } from '../issuance/fleet-budget'
import type { StoredToken } from '../issuance/fleet-terms'
import { holderNames, holdersIn, isNamedLike, joinHolders, type HolderNames, type Holders } from './holders'
import { tokenLimits } from './token-limits'
import { rulesOf, type TokenRules } from './token-rules'

export type TokenState = 'unclaimed' | 'live' | 'expired' | 'revoked'

export interface ListedToken extends Holders {
  readonly tokenId: string
  readonly driverName: string
  readonly state: TokenState
  readonly capMinor: number
  readonly spentMinor: number
  readonly heldMinor: number
  readonly monthMinor: number
  readonly issuedAtS: number
  readonly expiresAtS: number
  readonly claimedAtS: number | null
  readonly revokedAtS: number | null
  readonly rulesWait: boolean
  readonly rules: TokenRules
}

export interface TokenFilter {
  readonly state?: TokenState | undefined
  readonly driver?: string | undefined
  readonly vehicle?: string | undefined
  readonly search?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

const pageSize = 50

export const tokensOf = (
  cloud: Cloud,
  fleetId: string,
  filter: TokenFilter,
): Promise<Result<{ readonly tokens: readonly ListedToken[]; readonly next: string | null }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const place = filter.after === undefined ? undefined : readPlace(filter.after)
    if (filter.after !== undefined && place === undefined) return err(refusal('api.malformed'))
    const count = filter.limit ?? pageSize
    const conditions = [
      stateCondition(filter.state, cloud.clock.nowS()),
      filter.driver === undefined ? undefined : sql`t.driver_id = ${filter.driver}`,
      filter.vehicle === undefined ? undefined : sql`t.vehicle_id = ${filter.vehicle}`,
      filter.search === undefined || filter.search === ''
        ? undefined
        : isNamedLike({ tenant: cloud.config.tenant, fleetId }, filter.search),
      place === undefined
        ? undefined
        : sql`(t.issued_at_s < ${place.issuedAtS}::bigint
            or (t.issued_at_s = ${place.issuedAtS}::bigint and t.token_id > ${place.tokenId}))`,
    ]
    const found = await readTokens(cloud, tx, fleetId, conditions, count + 1)
    const tokens = found.slice(0, count)
    const last = tokens.at(-1)
    return ok({ tokens, next: found.length > count && last !== undefined ? placeOf(last) : null })
  })

export const tokenOf = (
  cloud: Cloud,
  fleetId: string,
  tokenId: string,
): Promise<Result<ListedToken, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const [found] = await readTokens(cloud, tx, fleetId, [sql`t.token_id = ${tokenId}`], 1)
    return found === undefined ? err(refusal('api.not-found')) : ok(found)
  })

/** What the next token can be made of. */
export const tokenTerms = (cloud: Cloud, fleetId: string) =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const freeMinor = freeOf(await positionOf(cloud, tx, fleetId))
    const sites = await tx
      .selectFrom('sites')
      .select(['site_id', 'label'])
      .where('tenant', '=', tenant)
      .orderBy('place')
      .orderBy('label')
      .orderBy('site_id')
      .limit(sitesMax)
      .execute()
    return ok({
      freeMinor,
      capMostMinor: wholeUnits(tokenLimits.capMost, currency),
      daysMost: tokenLimits.daysMost,
      sites: sites.map(({ site_id: siteId, label }) => ({ siteId, label })),
    })
  })

const sitesMax = 1_000

function stateCondition(state: TokenState | undefined, nowS: number): RawBuilder<unknown> | undefined {
  switch (state) {
    case undefined:
      return undefined
    case 'revoked':
      return sql`t.revoked_at_s is not null`
    case 'expired':
      return sql`t.revoked_at_s is null and t.expires_at_s <= ${nowS}::bigint`
    case 'unclaimed':
      return sql`t.revoked_at_s is null and t.expires_at_s > ${nowS}::bigint and t.claimed_at_s is null`
    case 'live':
      return sql`t.revoked_at_s is null and t.expires_at_s > ${nowS}::bigint and t.claimed_at_s is not null`
  }
}

interface TokenFigures extends Omit<StoredToken, 'fleet_number'>, HolderNames {
  spent: number
  held: number
  in_month: number
  newest_grant_s: number | null
}

async function readTokens(
  cloud: Cloud,
  tx: TenantTransaction,
  fleetId: string,
  conditions: readonly (RawBuilder<unknown> | undefined)[],
  countMax: number,
): Promise<readonly ListedToken[]> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const wanted = conditions.filter((condition) => condition !== undefined)
  // The page first, and only then the sessions of what stands on it.
  const { rows } = await sql<TokenFigures>`
    select p.*, s.spent, s.held, s.in_month, s.newest_grant_s, ${holderNames}
    from (
      select t.* from fleet_tokens t
      where ${sql.join([sql`t.tenant = ${tenant}`, sql`t.fleet_id = ${fleetId}`, ...wanted], sql` and `)}
      order by t.issued_at_s desc, t.token_id limit ${countMax}
    ) p
    cross join lateral (
      select coalesce(sum(c.posted_minor), 0)::bigint as spent,
        coalesce(sum(c.hold_minor) filter (where c.hold_state = 'open'), 0)::bigint as held,
        coalesce(sum(coalesce(c.posted_minor, c.hold_minor))
          filter (where c.authorized_at_s >= ${monthStartS(nowS)}::bigint), 0)::bigint as in_month,
        max(g.issued_at_s) as newest_grant_s
      from grants g
      left join charging_sessions c on c.tenant = g.tenant and c.serial = g.serial
      where g.tenant = ${tenant} and (g.serial = p.serial or g.root_serial = p.serial)
    ) s
    ${joinHolders({ tenant, fleetId }, 'p')}
    order by p.issued_at_s desc, p.token_id`.execute(tx)
  return rows.map((row) => listed(row, nowS))
}

const listed = (row: TokenFigures, nowS: number): ListedToken => ({
  tokenId: row.token_id,
  driverName: row.driver_name,
  state: stateOf(row, nowS),
  capMinor: row.cap_minor,
  spentMinor: row.spent,
  heldMinor: row.held,
  monthMinor: row.in_month,
  issuedAtS: row.issued_at_s,
  expiresAtS: row.expires_at_s,
  claimedAtS: row.claimed_at_s,
  revokedAtS: row.revoked_at_s,
  rulesWait: (row.rules_changed_at_s ?? 0) > (row.newest_grant_s ?? Number.MAX_SAFE_INTEGER),
  rules: rulesOf(row),
  ...holdersIn(row),
})

export function stateOf(
  row: Pick<StoredToken, 'revoked_at_s' | 'expires_at_s' | 'claimed_at_s'>,
  nowS: number,
): TokenState {
  if (row.revoked_at_s !== null) return 'revoked'
  if (row.expires_at_s <= nowS) return 'expired'
  return row.claimed_at_s === null ? 'unclaimed' : 'live'
}

const placeOf = ({ issuedAtS, tokenId }: ListedToken): string => toBase64Url(utf8(`${issuedAtS} ${tokenId}`))

function readPlace(text: string): { readonly issuedAtS: number; readonly tokenId: string } | undefined {
  const bytes = fromBase64Url(text)
  const parts =
    bytes === undefined ? null : /^(\d{1,15}) ([0-9a-f]{32})$/.exec(new TextDecoder().decode(bytes))
  const [, issuedAtS, tokenId] = parts ?? []
  return issuedAtS === undefined || tokenId === undefined
    ? undefined
    : { issuedAtS: Number(issuedAtS), tokenId }
}
