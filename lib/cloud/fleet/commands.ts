/**
 * Fleet tokens: a manager sets credit aside for a driver and hands over a claim code; the driver's phone turns the
 * code into a grant bound to its own key, once. Withdrawing an unclaimed token gives the credit back at once; after
 * the claim, the phone may have spent it out of sight, so it stays reserved until the grant's holds have run out.
 */

import { createHmac } from 'node:crypto'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { grantSerial, siteId, type GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { wholeUnits } from '@/lib/policy/defaults'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { IssueTokenResponse } from '../api-types/fleet'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { fleetSpendsMax } from '../issuance/fleet-renewal'
import { freshSerial, keepGrant, readKey, releaseAfter, reserveCredit } from '../issuance/grant-books'
import { signGrant } from '../issuance/grants'
import { knownSites } from '../issuance/queries'
import { revoke } from '../issuance/revocations'
import { fleetAccount, reserveAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { hashSecret, normaliseCode, randomCode, randomId } from '../secrets'

const dayS = 86_400
/** Whole currency units and days that one token may carry. */
export const tokenLimits = { capMost: 1_000, daysMost: 45, nameCharsMax: 60 } as const

export interface IssueToken {
  readonly fleetId: string
  readonly driverName: string
  readonly capMinor: number
  readonly sessionCapMinor: number
  readonly dailyLimitMinor: number
  readonly days: number
  /** Absent or empty: roaming. */
  readonly sites?: readonly string[]
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
    request.sessionCapMinor > 0 &&
    request.dailyLimitMinor >= 0 &&
    request.days >= 1 &&
    request.days <= tokenLimits.daysMost
  if (!isSound) return err(refusal('account.amount', { minimumMinor: 1, maximumMinor: capMost }))
  return transact(cloud.db, tenant, async (tx) => {
    await lockFleet(tx, tenant, request.fleetId)
    const known = await tokenByKey(tx, tenant, request)
    if (known !== undefined) return ok(describeToken(cloud, known.token_id))
    const sites = await knownSites(tx, tenant, request.sites ?? [])
    if (sites === undefined) return err(refusal('grant.site'))
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
        session_cap_minor: Math.min(request.sessionCapMinor, request.capMinor),
        daily_limit_minor: request.dailyLimitMinor,
        sites: [...sites],
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

/** The same request twice at once: the second waits here and then finds what the first has written. */
const lockFleet = (tx: TenantTransaction, tenant: string, fleetId: string): Promise<unknown> =>
  tx
    .selectFrom('fleets')
    .select('fleet_id')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .forNoKeyUpdate()
    .execute()

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
    const signed = await signGrant(cloud, {
      serial: grantSerial(token.serial),
      deviceKey,
      holder: token.token_id,
      currency,
      capMinor: minorUnits(token.cap_minor),
      sessionCapMinor: minorUnits(token.session_cap_minor),
      spendsMax: fleetSpendsMax,
      notAfterS: epochSeconds(token.expires_at_s),
      keyProtection: request.keyProtection,
      sites: token.sites.map((site) => siteId(site)),
      fleetRules: {
        fleet: fleet.fleet_number,
        vehicleClass: 0,
        dailyLimitMinor: minorUnits(token.daily_limit_minor),
        fromMinute: 0,
        toMinute: 0,
      },
    })
    await keepGrant(cloud, tx, signed.payload, signed.bytes, fleetAccount(token.fleet_id), null)
    await setToken(tx, tenant, token.token_id, { claimed_at_s: nowS })
    await tx
      .updateTable('reserves')
      .set({ release_after_s: releaseAfter(token.expires_at_s) })
      .where('tenant', '=', tenant)
      .where('serial', '=', token.serial)
      .execute()
    return ok({ grant: signed.bytes, fleetName: fleet.name })
  })
}

export interface RevokeToken {
  readonly fleetId: string
  readonly tokenId: string
  /** The driver's name as the manager typed it. */
  readonly confirmation: string
  readonly author: string
}

/** The epoch of the revocations from which chargers refuse it. Safe to repeat. */
export async function revokeToken(
  cloud: Cloud,
  request: RevokeToken,
): Promise<Result<{ readonly revocationEpoch: number }, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const token = await tx
      .selectFrom('fleet_tokens')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', request.fleetId)
      .where('token_id', '=', request.tokenId)
      .forUpdate()
      .executeTakeFirst()
    if (token === undefined) return err(refusal('api.not-found'))
    if (plain(request.confirmation) !== plain(token.driver_name)) return err(refusal('api.conflict'))
    if (token.revoked_at_s === null) {
      await setToken(tx, tenant, token.token_id, { revoked_at_s: cloud.clock.nowS() })
      await writeAuditLine(cloud, tx, request.author, 'fleet-token.revoke', token.token_id, request.fleetId)
      if (token.claimed_at_s === null) await releaseUnclaimed(cloud, tx, token, request.author)
    }
    let revocationEpoch = 0
    for (const serial of await serialsOfToken(tx, tenant, token.serial))
      revocationEpoch = await revoke(cloud, tx, serial, token.expires_at_s, 'fleet')
    return ok({ revocationEpoch })
  })
}

/** Its first grant and those that followed it, each in exchange for the one before. */
async function serialsOfToken(
  tx: TenantTransaction,
  tenant: string,
  first: string,
): Promise<readonly GrantSerial[]> {
  const rows = await tx
    .selectFrom('grants')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('root_serial', '=', first)
    .orderBy('issued_at_s')
    .orderBy('serial')
    .execute()
  return [first, ...rows.map(({ serial }) => serial)].map((serial) => grantSerial(serial))
}

/** No grant was ever signed for it, so no charger can have accepted anything. */
async function releaseUnclaimed(
  cloud: Cloud,
  tx: TenantTransaction,
  token: { readonly serial: string; readonly fleet_id: string; readonly cap_minor: number },
  author: string,
): Promise<void> {
  const { tenant, currency } = cloud.config
  const posted = await postTransfers(tx, tenant, [
    {
      reference: token.serial,
      kind: 'release',
      effect: 'post',
      debit: reserveAccount(grantSerial(token.serial)),
      credit: fleetAccount(token.fleet_id),
      currency,
      amountMinor: minorUnits(token.cap_minor),
      reason: 'token-withdrawn',
      author,
    },
  ])
  if (!posted.ok) throw new Error(`Token ${token.serial} cannot be released: ${JSON.stringify(posted.error)}`)
  await tx
    .updateTable('reserves')
    .set({ released_at_s: cloud.clock.nowS() })
    .where('tenant', '=', tenant)
    .where('serial', '=', token.serial)
    .execute()
}

const setToken = async (
  tx: TenantTransaction,
  tenant: string,
  tokenId: string,
  change: { claimed_at_s: number } | { revoked_at_s: number },
): Promise<void> => {
  await tx
    .updateTable('fleet_tokens')
    .set(change)
    .where('tenant', '=', tenant)
    .where('token_id', '=', tokenId)
    .execute()
}

const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase()
