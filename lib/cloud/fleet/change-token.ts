/**
 * Changes what a token allows, and lets it go on. Rules stand in signed grants on phones: new ones hold from the next grant
 * on, which comes when the present one is used up, or at once where its manager has it exchanged.
 */

import type { Updateable } from 'kysely'
import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { wholeUnits } from '@/lib/policy/defaults'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { setAside } from '../credit/set-aside'
import { transact, type TenantTransaction } from '../database/connection'
import type { FleetTokenRow } from '../database/tables/fleets'
import { renewalReason, revoke } from '../issuance/revocations'
import { fleetAccount } from '../ledger/accounts'
import { hashSecret } from '../secrets'
import { lockFleet } from './lock-fleet'
import { tokenLimits } from './token-limits'
import { liveGrantOf, lockToken } from './token-rows'
import { areSound, ruleColumns, type RuleOrder } from './token-rules'

const dayS = 86_400

export interface ChangeRules extends RuleOrder {
  readonly fleetId: string
  readonly tokenId: string
  readonly author: string
}

/** `claim`: nobody has taken it yet. `renewal`: a phone carries a grant by the old rules until its next one. */
export type RulesHoldFrom = 'claim' | 'renewal'

export const changeRules = (
  cloud: Cloud,
  order: ChangeRules,
): Promise<Result<{ readonly holdFrom: RulesHoldFrom }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    if (!areSound(order)) return err(refusal('api.malformed'))
    // An import that is undone at the same moment must see whom the token names now.
    await lockFleet(tx, cloud.config.tenant, order.fleetId)
    const token = await lockToken(cloud, tx, order.fleetId, order.tokenId)
    const fault = token === undefined ? refusal('api.not-found') : endOf(cloud, token)
    if (token === undefined || fault !== undefined) return err(fault ?? refusal('api.not-found'))
    const { driver_id: driverId, vehicle_id: vehicleId } = token
    const rules = await ruleColumns(cloud, tx, order, { driverId, vehicleId })
    if (!rules.ok) return rules
    await setToken(cloud, tx, order.tokenId, { ...rules.value, rules_changed_at_s: cloud.clock.nowS() })
    await writeAuditLine(cloud, tx, order.author, 'fleet-token.change', order.tokenId, order.fleetId)
    return ok({ holdFrom: token.claimed_at_s === null ? ('claim' as const) : ('renewal' as const) })
  })

export interface RenewToken {
  readonly fleetId: string
  readonly tokenId: string
  /** From now; a token never ends earlier for being renewed. */
  readonly days: number
  /** Set aside on top of what it has. */
  readonly addMinor: number
  /** Revokes the phone's present grant, so that it takes the next one as soon as it is online. */
  readonly atOnce: boolean
  readonly idempotencyKey: string
  readonly author: string
}

export interface RenewedToken {
  readonly expiresAtS: number
  readonly capMinor: number
}

/** The same key renews once. */
export const renewToken = (cloud: Cloud, order: RenewToken): Promise<Result<RenewedToken, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const addMost = wholeUnits(tokenLimits.capMost, currency)
    if (order.days < 1 || order.days > tokenLimits.daysMost || order.addMinor < 0 || order.addMinor > addMost)
      return err(refusal('account.amount', { minimumMinor: 0, maximumMinor: addMost }))
    const token = await lockToken(cloud, tx, order.fleetId, order.tokenId)
    if (token === undefined) return err(refusal('api.not-found'))
    const reference = `${token.serial}/added-${hashSecret(order.idempotencyKey).slice(0, 32)}`
    if (token.renewal_key === order.idempotencyKey || (await isPosted(tx, tenant, reference)))
      return ok({ expiresAtS: token.expires_at_s, capMinor: token.cap_minor })
    if (token.revoked_at_s !== null) return err(refusal('grant.revoked'))
    const live = await liveGrantOf(cloud, tx, token.serial)
    const serial = live?.serial ?? grantSerial(token.serial)
    // What has gone back to the fleet cannot be handed out again: a new token takes its place.
    if (!(await isReserved(tx, tenant, serial))) return err(refusal('grant.expired'))
    const added = await addCredit(cloud, tx, { ...order, serial, reference })
    if (!added.ok) return added
    const expiresAtS = Math.max(token.expires_at_s, cloud.clock.nowS() + order.days * dayS)
    const capMinor = token.cap_minor + order.addMinor
    await setToken(cloud, tx, order.tokenId, {
      expires_at_s: expiresAtS,
      cap_minor: capMinor,
      renewal_key: order.idempotencyKey,
    })
    if (live === undefined) await keepUntil(tx, tenant, serial, expiresAtS)
    else if (order.atOnce) await revoke(cloud, tx, serial, live.notAfterS, renewalReason)
    await writeAuditLine(cloud, tx, order.author, 'fleet-token.renew', order.tokenId, order.fleetId)
    return ok({ expiresAtS, capMinor })
  })

/** An older key than the last one: what it added stands in the books. */
const isPosted = async (tx: TenantTransaction, tenant: string, reference: string): Promise<boolean> =>
  (await tx
    .selectFrom('ledger_transfers')
    .select('reference')
    .where('tenant', '=', tenant)
    .where('reference', '=', reference)
    .limit(1)
    .executeTakeFirst()) !== undefined

type Addition = RenewToken & { readonly serial: GrantSerial; readonly reference: string }

/** Into the reserve of the present grant, whose rest becomes the next one's. */
async function addCredit(
  cloud: Cloud,
  tx: TenantTransaction,
  { reference, serial, fleetId, addMinor, author }: Addition,
): Promise<Result<undefined, Refusal>> {
  if (addMinor === 0) return ok(undefined)
  const owner = fleetAccount(fleetId)
  return setAside(cloud, tx, {
    reference,
    serial,
    owner,
    amountMinor: addMinor,
    reason: 'token-renewed',
    author,
  })
}

function endOf(
  cloud: Cloud,
  token: Pick<FleetTokenRow, 'revoked_at_s' | 'expires_at_s'>,
): Refusal | undefined {
  if (token.revoked_at_s !== null) return refusal('grant.revoked')
  return token.expires_at_s > cloud.clock.nowS() ? undefined : refusal('grant.expired')
}

async function isReserved(tx: TenantTransaction, tenant: string, serial: GrantSerial): Promise<boolean> {
  const row = await tx
    .selectFrom('reserves')
    .select('released_at_s')
    .where('tenant', '=', tenant)
    .where('serial', '=', serial)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined && row.released_at_s === null
}

/** Nobody has claimed it: its credit waits for as long as somebody may. */
const keepUntil = (tx: TenantTransaction, tenant: string, serial: GrantSerial, untilS: number) =>
  tx
    .updateTable('reserves')
    .set({ release_after_s: untilS })
    .where('tenant', '=', tenant)
    .where('serial', '=', serial)
    .execute()

const setToken = (
  cloud: Cloud,
  tx: TenantTransaction,
  tokenId: string,
  change: Updateable<FleetTokenRow>,
): Promise<unknown> =>
  tx
    .updateTable('fleet_tokens')
    .set(change)
    .where('tenant', '=', cloud.config.tenant)
    .where('token_id', '=', tokenId)
    .execute()
