/**
 * A fleet's grant goes on by the fleet's rules: while its token is not withdrawn and has not run out, for what the
 * token's credit has left, until the token's end, with the same limits. A token whose day is used up waits for the
 * next one, because chargers would count the new grant's day from nothing.
 */

import { sql } from 'kysely'
import type { Bytes } from '@/lib/core/bytes'
import { siteId, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, minorUnits, type MinorUnits } from '@/lib/core/units'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { fleetAccount } from '../ledger/accounts'
import { freshSerial, keepGrant, releaseAfter, reserveCredit } from './grant-books'
import { signGrant } from './grants'

/** Spends under one fleet grant. */
export const fleetSpendsMax = 200
const dayS = 86_400

/** Held until the transaction ends, so that nobody withdraws it meanwhile. */
export async function lockLiveToken(
  cloud: Cloud,
  tx: TenantTransaction,
  root: GrantSerial,
): Promise<Result<undefined, Refusal>> {
  const token = await tokenOf(cloud, tx, root)
  if (token === undefined) return err(refusal('grant.missing'))
  if (token.revoked_at_s !== null) return err(refusal('grant.revoked'))
  return token.expires_at_s > cloud.clock.nowS() ? ok(undefined) : err(refusal('grant.expired'))
}

export interface FleetRenewal {
  readonly root: GrantSerial
  readonly nextKey: PublicKey
  /** What the old grant gave back. */
  readonly capMinor: MinorUnits
  readonly keyProtection: Grant['keyProtection']
}

export async function fleetGrantFollowing(
  cloud: Cloud,
  tx: TenantTransaction,
  { root, nextKey, capMinor, keyProtection }: FleetRenewal,
): Promise<Result<{ readonly serial: GrantSerial; readonly bytes: Bytes }, Refusal>> {
  const token = await tokenOf(cloud, tx, root)
  if (token === undefined) return err(refusal('grant.missing'))
  if (capMinor <= 0) return err(refusal('account.insufficient-funds'))
  const usedMinor = token.daily_limit_minor === 0 ? 0 : await usedToday(cloud, tx, root)
  if (usedMinor > 0 && usedMinor >= token.daily_limit_minor) return err(refusal('wallet.daily-limit'))
  const owner = fleetAccount(token.fleet_id)
  const serial = await freshSerial(cloud, tx)
  const releaseAfterS = releaseAfter(token.expires_at_s)
  const author = token.token_id
  const reserved = await reserveCredit(cloud, tx, { serial, owner, capMinor, releaseAfterS, author })
  if (!reserved.ok) return reserved
  const signed = await signGrant(cloud, {
    serial,
    deviceKey: nextKey,
    holder: token.token_id,
    currency: cloud.config.currency,
    capMinor,
    sessionCapMinor: minorUnits(token.session_cap_minor),
    spendsMax: fleetSpendsMax,
    notAfterS: epochSeconds(token.expires_at_s),
    keyProtection,
    sites: token.sites.map((site) => siteId(site)),
    fleetRules: {
      fleet: token.fleet_number,
      vehicleClass: 0,
      dailyLimitMinor: minorUnits(token.daily_limit_minor),
      fromMinute: 0,
      toMinute: 0,
    },
  })
  await keepGrant(cloud, tx, signed.payload, signed.bytes, owner, null, root)
  return ok({ serial, bytes: signed.bytes })
}

const tokenOf = (cloud: Cloud, tx: TenantTransaction, root: GrantSerial) =>
  tx
    .selectFrom('fleet_tokens')
    .innerJoin('fleets', (join) =>
      join
        .onRef('fleets.tenant', '=', 'fleet_tokens.tenant')
        .onRef('fleets.fleet_id', '=', 'fleet_tokens.fleet_id'),
    )
    .selectAll('fleet_tokens')
    .select('fleets.fleet_number')
    .where('fleet_tokens.tenant', '=', cloud.config.tenant)
    .where('fleet_tokens.serial', '=', root)
    .forUpdate('fleet_tokens')
    .executeTakeFirst()

/** Spent and held since midnight UTC under all grants of the token. */
async function usedToday(cloud: Cloud, tx: TenantTransaction, root: GrantSerial): Promise<number> {
  const { tenant } = cloud.config
  const midnightS = Math.floor(cloud.clock.nowS() / dayS) * dayS
  const { rows } = await sql<{ used: number }>`
    select coalesce(sum(coalesce(s.posted_minor, s.hold_minor)), 0)::bigint as used
    from charging_sessions s
    join grants g on g.tenant = s.tenant and g.serial = s.serial
    where s.tenant = ${tenant} and coalesce(g.root_serial, g.serial) = ${root}
      and s.authorized_at_s >= ${midnightS}::bigint`.execute(tx)
  return rows[0]?.used ?? 0
}
