/**
 * A fleet's grant goes on by the rules that its token has now: while it is not withdrawn and has not run out, for what
 * the token's credit and its month have left, until the token's end. A token whose day or month is used up waits for the
 * next one: chargers would count the new grant's day from nothing, and of months they know nothing at all.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { fleetAccount } from '../ledger/accounts'
import { budgetOf } from './fleet-budget'
import { fleetTermsOf } from './fleet-terms'
import { freshSerial, keepGrant, releaseAfter, reserveCredit } from './grant-books'
import { signGrant } from './grants'

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
  /** What the old grant gave back. All of it stays the token's, whatever part the next grant may spend. */
  readonly restMinor: MinorUnits
  readonly keyProtection: Grant['keyProtection']
}

export async function fleetGrantFollowing(
  cloud: Cloud,
  tx: TenantTransaction,
  { root, nextKey, restMinor, keyProtection }: FleetRenewal,
): Promise<Result<{ readonly serial: GrantSerial; readonly bytes: Bytes }, Refusal>> {
  const token = await tokenOf(cloud, tx, root)
  if (token === undefined) return err(refusal('grant.missing'))
  if (restMinor <= 0) return err(refusal('account.insufficient-funds'))
  const budget = await budgetOf(cloud, tx, token)
  if (budget.dayUsedUp) return err(refusal('wallet.daily-limit'))
  const capMinor = minorUnits(Math.min(restMinor, budget.monthLeftMinor))
  if (capMinor <= 0) return err(refusal('wallet.month-limit'))
  const owner = fleetAccount(token.fleet_id)
  const serial = await freshSerial(cloud, tx)
  const releaseAfterS = releaseAfter(token.expires_at_s)
  const author = token.token_id
  const set = await reserveCredit(cloud, tx, { serial, owner, capMinor: restMinor, releaseAfterS, author })
  if (!set.ok) return set
  const signed = await signGrant(cloud, {
    ...fleetTermsOf(token, cloud.config.currency),
    serial,
    deviceKey: nextKey,
    capMinor,
    keyProtection,
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
