/** Grants from a driver's own credit, inside the caller's transaction. */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, PublicKey, SiteId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage, type Grant } from '@/lib/protocol/messages/grant'
import { coolOffOf } from '../accounts/cool-off'
import { passkeysOf } from '../accounts/queries'
import type { PasskeyInfo } from '../api-types/account'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { reserveAccount, walletAccount, type OwnerAccount } from '../ledger/accounts'
import { balanceOf, lockedBalancesOf } from '../ledger/queries'
import { driverTerms, whileCoolingOff } from './driver-terms'
import { freshSerial, keepGrant, releaseAfter, reserveCredit } from './grant-books'
import { hashOfPasskey, signGrant } from './grants'
import { knownSites } from './queries'
import { giveBackRests } from './closed-rests'

/** A grant with less time than this left is renewed rather than shown again. */
const renewBeforeS = 86_400

export interface DriverGrantRequest {
  readonly accountId: string
  readonly deviceKey: string
  readonly capMinor?: number
  readonly keyProtection: Grant['keyProtection']
  readonly passkeyCredentialId?: string
  /** Absent or empty: roaming. */
  readonly sites?: readonly string[]
}

/** What was asked for, checked. */
interface Order {
  readonly owner: OwnerAccount
  readonly deviceKey: PublicKey
  readonly passkey: PasskeyInfo | undefined
  readonly sites: readonly SiteId[]
}

/**
 * The live grant of the same device and terms while it has room, so that a lost response costs nothing; else another
 * one takes its cap from the balance.
 */
export async function grantToDriver(
  cloud: Cloud,
  tx: TenantTransaction,
  request: DriverGrantRequest,
  deviceKey: PublicKey,
): Promise<Result<Bytes, Refusal>> {
  const { tenant, currency } = cloud.config
  const order = await readOrder(cloud, tx, request, deviceKey)
  if (!order.ok) return order
  const { owner } = order.value
  await giveBackRests(cloud, tx, owner)
  const balances = await lockedBalancesOf(tx, tenant, [owner], currency)
  const availableMinor = balances.get(owner)?.availableMinor ?? minorUnits(0)
  const live = await liveGrant(cloud, tx, order.value, request.keyProtection)
  const roomIsEnough = (live?.roomMinor ?? 0) >= wholeUnits(riskDefaults.firstSeenCap, currency)
  if (live !== undefined && (roomIsEnough || (availableMinor <= 0 && live.roomMinor > 0)))
    return ok(live.bytes)
  const issued = await issue(cloud, tx, request, order.value, null)
  return issued.ok ? ok(issued.value.bytes) : issued
}

/** The grant that follows another: the credit that the old one gave back, and more where the balance has it. */
export async function grantFollowing(
  cloud: Cloud,
  tx: TenantTransaction,
  request: DriverGrantRequest,
  deviceKey: PublicKey,
  rootSerial: GrantSerial,
): Promise<Result<{ readonly serial: GrantSerial; readonly bytes: Bytes }, Refusal>> {
  const order = await readOrder(cloud, tx, request, deviceKey)
  return order.ok ? issue(cloud, tx, request, order.value, rootSerial) : order
}

async function readOrder(
  cloud: Cloud,
  tx: TenantTransaction,
  request: DriverGrantRequest,
  deviceKey: PublicKey,
): Promise<Result<Order, Refusal>> {
  const { tenant } = cloud.config
  const sites = await knownSites(tx, tenant, request.sites ?? [])
  if (sites === undefined) return err(refusal('grant.site'))
  const passkeys = await passkeysOf(tx, tenant, request.accountId)
  const wanted = request.passkeyCredentialId
  const passkey =
    wanted === undefined ? passkeys[0] : passkeys.find(({ credentialId }) => credentialId === wanted)
  return ok({ owner: walletAccount(request.accountId), deviceKey, passkey, sites })
}

async function issue(
  cloud: Cloud,
  tx: TenantTransaction,
  request: DriverGrantRequest,
  { owner, deviceKey, passkey, sites }: Order,
  rootSerial: GrantSerial | null,
): Promise<Result<{ readonly serial: GrantSerial; readonly bytes: Bytes }, Refusal>> {
  const { tenant, currency } = cloud.config
  const balances = await lockedBalancesOf(tx, tenant, [owner], currency)
  const availableMinor = balances.get(owner)?.availableMinor ?? 0
  const order = { sites, capMinor: request.capMinor }
  const wanted = driverTerms(order, availableMinor, currency, cloud.clock.nowS())
  if (wanted.capMinor <= 0) return err(refusal('account.insufficient-funds'))
  const coolOff = await coolOffOf(cloud, tx, request.accountId)
  const terms = coolOff === undefined ? wanted : whileCoolingOff(wanted, coolOff)
  if (coolOff !== undefined && terms.capMinor <= 0)
    return err(refusal('account.cooling-off', { untilS: coolOff.untilS }))
  const serial = await freshSerial(cloud, tx)
  const reserved = await reserveCredit(cloud, tx, {
    serial,
    owner,
    capMinor: terms.capMinor,
    releaseAfterS: releaseAfter(terms.notAfterS),
    author: request.accountId,
  })
  if (!reserved.ok) return reserved
  const signed = await signGrant(cloud, {
    ...terms,
    serial,
    deviceKey,
    holder: request.accountId,
    currency,
    keyProtection: request.keyProtection,
    ...(passkey === undefined ? {} : { passkey }),
  })
  await keepGrant(cloud, tx, signed.payload, signed.bytes, owner, request.accountId, rootSerial)
  return ok({ serial, bytes: signed.bytes })
}

/** The newest grant of this device with the same terms that is not revoked and has time and spends left. */
async function liveGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  { owner, deviceKey, passkey, sites }: Order,
  keyProtection: Grant['keyProtection'],
): Promise<{ readonly bytes: Bytes; readonly roomMinor: number } | undefined> {
  const { tenant, currency } = cloud.config
  const row = await tx
    .selectFrom('grants')
    .select(['serial', 'bytes', 'spends_max'])
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .where('device_key', '=', deviceKey)
    .where('not_after_s', '>', cloud.clock.nowS() + renewBeforeS)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('revoked_grants')
            .select('revoked_grants.serial')
            .where('revoked_grants.tenant', '=', tenant)
            .whereRef('revoked_grants.serial', '=', 'grants.serial'),
        ),
      ),
    )
    .orderBy('issued_at_s', 'desc')
    .orderBy('serial')
    .limit(1)
    .executeTakeFirst()
  const parsed = row === undefined ? undefined : parseMessage(grantMessage, row.bytes)
  if (row === undefined || parsed?.ok !== true) return undefined
  const { payload, bytes } = parsed.value
  const wantedHash = passkey === undefined ? undefined : hashOfPasskey(passkey)
  if (payload.keyProtection !== keyProtection || payload.passkeyHash !== wantedHash) return undefined
  if (payload.sites.join() !== sites.join()) return undefined
  const { spent } = await tx
    .selectFrom('charging_sessions')
    .select(({ fn }) => fn.countAll<number>().as('spent'))
    .where('tenant', '=', tenant)
    .where('serial', '=', row.serial)
    .executeTakeFirstOrThrow()
  if (spent >= row.spends_max) return undefined
  const reserve = await balanceOf(tx, tenant, reserveAccount(payload.serial), currency)
  return { bytes, roomMinor: reserve.availableMinor }
}
