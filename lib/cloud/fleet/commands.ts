/**
 * Fleet tokens: a manager sets credit aside for a driver and hands over a claim code; the driver's phone turns the
 * code into a grant bound to its own key, once.
 */

import { createHmac } from 'node:crypto'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { grantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { wholeUnits } from '@/lib/policy/defaults'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { IssueTokenResponse } from '../api-types/fleet'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { budgetOf } from '../issuance/fleet-budget'
import { fleetTermsOf } from '../issuance/fleet-terms'
import { freshSerial, keepGrant, readKey, releaseAfter, reserveCredit } from '../issuance/grant-books'
import { signGrant } from '../issuance/grants'
import { fleetAccount } from '../ledger/accounts'
import { hashSecret, normaliseCode, randomCode, randomId } from '../secrets'
import { lockFleet } from './lock-fleet'
import { tokenLimits } from './token-limits'
import { areSound, ruleColumns, type RuleOrder } from './token-rules'

const dayS = 86_400
export interface IssueToken extends RuleOrder {
  readonly fleetId: string
  readonly driverName: string
  readonly capMinor: number
  readonly days: number
  readonly idempotencyKey: string
  /** The manager's account. */
  readonly author: string
}

/** Sets the token's cap aside. The same idempotency key gives the same token and code again. */
export async function issueToken(
  cloud: Cloud,
  request: IssueToken,
): Promise<Result<IssueTokenResponse, Refusal>> {
  const { tenant, currency } = cloud.config
  const capMost = wholeUnits(tokenLimits.capMost, currency)
  const isSound =
    request.capMinor > 0 &&
    request.capMinor <= capMost &&
    areSound(request) &&
    request.days >= 1 &&
    request.days <= tokenLimits.daysMost
  if (!isSound) return err(refusal('account.amount', { minimumMinor: 1, maximumMinor: capMost }))
  return transact(cloud.db, tenant, async (tx) => {
    await lockFleet(tx, tenant, request.fleetId)
    const known = await tokenByKey(tx, tenant, request)
    if (known !== undefined) return ok(describeToken(cloud, known.token_id))
    const rules = await ruleColumns(cloud, tx, request)
    if (!rules.ok) return rules
    const tokenId = randomId(cloud.random)
    const serial = await freshSerial(cloud, tx)
    const nowS = cloud.clock.nowS()
    const expiresAtS = nowS + request.days * dayS
    const reserved = await reserveCredit(cloud, tx, {
      serial,
      owner: fleetAccount(request.fleetId),
      capMinor: minorUnits(request.capMinor),
      // Until somebody claims it there is no grant that could outlive it.
      releaseAfterS: expiresAtS,
      author: request.author,
    })
    if (!reserved.ok) return reserved
    await tx
      .insertInto('fleet_tokens')
      .values({
        tenant,
        token_id: tokenId,
        fleet_id: request.fleetId,
        idempotency_key: request.idempotencyKey,
        serial,
        driver_name: request.driverName,
        claim_hash: hashSecret(normaliseCode(claimCodeOf(cloud, tokenId))),
        cap_minor: request.capMinor,
        ...rules.value,
        issued_at_s: nowS,
        expires_at_s: expiresAtS,
        claimed_at_s: null,
        revoked_at_s: null,
      })
      .execute()
    await writeAuditLine(cloud, tx, request.author, 'fleet-token.issue', tokenId, request.fleetId)
    return ok(describeToken(cloud, tokenId))
  })
}

const tokenByKey = (
  tx: TenantTransaction,
  tenant: string,
  request: IssueToken,
): Promise<{ token_id: string } | undefined> =>
  tx
    .selectFrom('fleet_tokens')
    .select('token_id')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', request.fleetId)
    .where('idempotency_key', '=', request.idempotencyKey)
    .executeTakeFirst()

function describeToken(cloud: Cloud, tokenId: string): IssueTokenResponse {
  const claimCode = claimCodeOf(cloud, tokenId)
  // After the number sign, so that the code appears in no server's log.
  return { tokenId, claimCode, claimUrl: `${cloud.config.origin}/claim#${claimCode}` }
}

/** Drawn from a secret and the token's id: shown again when a response got lost, stored nowhere but as a hash. */
function claimCodeOf(cloud: Cloud, tokenId: string): string {
  const digest = createHmac('sha256', cloud.pseudonymSecret).update(`claim ${tokenId}`).digest()
  const drawn: Random = { bytes: (length) => toBytes(digest.subarray(0, length)) }
  return randomCode(drawn)
}

export interface ClaimToken {
  readonly code: string
  readonly deviceKey: string
  readonly keyProtection: Grant['keyProtection']
}

/** A grant for the phone that claims first; the same phone gets the same grant again. */
export async function claimToken(
  cloud: Cloud,
  request: ClaimToken,
): Promise<Result<{ readonly grant: Bytes; readonly fleetName: string }, Refusal>> {
  const deviceKey = readKey(request.deviceKey)
  if (deviceKey === undefined) return err(refusal('phone.key'))
  const { tenant, currency } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const token = await tx
      .selectFrom('fleet_tokens')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('claim_hash', '=', hashSecret(normaliseCode(request.code)))
      .forUpdate()
      .executeTakeFirst()
    const nowS = cloud.clock.nowS()
    if (token === undefined || token.revoked_at_s !== null || token.expires_at_s <= nowS) {
      return err(refusal('account.claim-code'))
    }
    const fleet = await tx
      .selectFrom('fleets')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', token.fleet_id)
      .executeTakeFirstOrThrow()
    const claimed = await tx
      .selectFrom('grants')
      .select(['device_key', 'bytes'])
      .where('tenant', '=', tenant)
      .where('serial', '=', token.serial)
      .executeTakeFirst()
    if (claimed !== undefined) {
      return claimed.device_key === deviceKey
        ? ok({ grant: toBytes(claimed.bytes), fleetName: fleet.name })
        : err(refusal('account.claim-code'))
    }
    const stored = { ...token, fleet_number: fleet.fleet_number }
    const { monthLeftMinor } = await budgetOf(cloud, tx, token)
    const signed = await signGrant(cloud, {
      ...fleetTermsOf(stored, currency),
      serial: grantSerial(token.serial),
      deviceKey,
      capMinor: minorUnits(Math.min(token.cap_minor, monthLeftMinor)),
      keyProtection: request.keyProtection,
    })
    await keepGrant(cloud, tx, signed.payload, signed.bytes, fleetAccount(token.fleet_id), null)
    await tx
      .updateTable('fleet_tokens')
      .set({ claimed_at_s: nowS })
      .where('tenant', '=', tenant)
      .where('token_id', '=', token.token_id)
      .execute()
    await tx
      .updateTable('reserves')
      .set({ release_after_s: releaseAfter(token.expires_at_s) })
      .where('tenant', '=', tenant)
      .where('serial', '=', token.serial)
      .execute()
    return ok({ grant: signed.bytes, fleetName: fleet.name })
  })
}
