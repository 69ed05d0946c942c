/** Signs what lets others act without us: grants for phones, certificates for chargers; and takes grants back. */

import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import {
  chargerId as toChargerId,
  grantSerial,
  publicKey,
  siteId,
  type GrantSerial,
  type PublicKey,
} from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits, type MinorUnits } from '@/lib/core/units'
import { isAcceptableKey } from '@/lib/crypto/key-check'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant as grantMessage, type Grant } from '@/lib/protocol/messages/grant'
import { passkeysOf } from '../accounts/queries'
import type { PasskeyInfo } from '../api-types'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { reserveAccount, walletAccount, type OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { balanceOf, lockedBalancesOf } from '../ledger/queries'
import { hashSecret, normaliseCode } from '../secrets'
import { hashOfPasskey, signGrant } from './grants'

const dayS = 86_400
/** A grant with less time than this left is renewed rather than shown again. */
const renewBeforeS = dayS

export interface DriverGrantRequest {
  readonly accountId: string
  readonly deviceKey: string
  readonly capMinor?: number
  readonly keyProtection: Grant['keyProtection']
  readonly passkeyCredentialId?: string
}

/**
 * A roaming grant from a driver's credit. The live grant of the same device is given again while it has room, so that
 * a lost response costs nothing; else another one takes its cap from the balance.
 */
export async function issueDriverGrant(
  cloud: Cloud,
  request: DriverGrantRequest,
): Promise<Result<Bytes, Refusal>> {
  const deviceKey = readKey(request.deviceKey)
  if (deviceKey === undefined) return err(refusal('phone.key'))
  const { tenant, currency } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const owner = walletAccount(request.accountId)
    const balances = await lockedBalancesOf(tx, tenant, [owner], currency)
    const availableMinor = balances.get(owner)?.availableMinor ?? minorUnits(0)
    const passkey = await stepUpPasskey(tx, cloud, request)
    const live = await liveGrant(cloud, tx, owner, deviceKey, request.keyProtection, passkey)
    const roomIsEnough = (live?.roomMinor ?? 0) >= wholeUnits(riskDefaults.firstSeenCap, currency)
    if (live !== undefined && (roomIsEnough || (availableMinor <= 0 && live.roomMinor > 0)))
      return ok(live.bytes)
    const roamingCap = wholeUnits(riskDefaults.roamingCap, currency)
    const capMinor = minorUnits(Math.min(request.capMinor ?? roamingCap, roamingCap, availableMinor))
    if (capMinor <= 0) return err(refusal('account.insufficient-funds'))
    const serial = drawSerial(cloud)
    const notAfterS = addSeconds(cloud.clock.nowS(), riskDefaults.roamingDays * dayS)
    const reserved = await reserveCredit(cloud, tx, {
      serial,
      owner,
      capMinor,
      releaseAfterS: releaseAfter(notAfterS),
      author: request.accountId,
    })
    if (!reserved.ok) return reserved
    const signed = await signGrant(cloud, {
      serial,
      deviceKey,
      holder: request.accountId,
      currency,
      capMinor,
      sessionCapMinor: wholeUnits(riskDefaults.roamingSessionCap, currency),
      spendsMax: riskDefaults.roamingSpends,
      notAfterS,
      keyProtection: request.keyProtection,
      ...(passkey === undefined ? {} : { passkey }),
    })
    await keepGrant(cloud, tx, signed.payload, signed.bytes, owner, request.accountId)
    return ok(signed.bytes)
  })
}

export const drawSerial = (cloud: Cloud): GrantSerial => grantSerial(toHex(cloud.random.bytes(8)))

/** Lower-case hex of a sound Ed25519 key, or undefined. */
export function readKey(text: string): PublicKey | undefined {
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined
  const key = publicKey(text)
  return isAcceptableKey(key) ? key : undefined
}

/** When the credit of a grant that ends then is free again: chargers may bring its sessions until that time. */
export const releaseAfter = (notAfterS: number): number =>
  notAfterS + riskDefaults.holdOutlivesGrantDays * dayS

/** Moves a grant's cap out of the owner's credit. It comes back when the grant and its holds have run out. */
export async function reserveCredit(
  cloud: Cloud,
  tx: TenantTransaction,
  reserve: {
    readonly serial: GrantSerial
    readonly owner: OwnerAccount
    readonly capMinor: MinorUnits
    readonly releaseAfterS: number
    readonly author: string
  },
): Promise<Result<undefined, Refusal>> {
  const { tenant, currency } = cloud.config
  const posted = await postTransfers(tx, tenant, [
    {
      reference: reserve.serial,
      kind: 'reserve',
      effect: 'post',
      debit: reserve.owner,
      credit: reserveAccount(reserve.serial),
      currency,
      amountMinor: reserve.capMinor,
      reason: 'grant',
      author: reserve.author,
    },
  ])
  if (!posted.ok) return err(refusal('account.insufficient-funds'))
  await tx
    .insertInto('reserves')
    .values({
      tenant,
      serial: reserve.serial,
      owner: reserve.owner,
      currency,
      release_after_s: reserve.releaseAfterS,
      released_at_s: null,
    })
    .execute()
  return ok(undefined)
}

export async function keepGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  grant: Grant,
  bytes: Bytes,
  owner: OwnerAccount,
  accountId: string | null,
): Promise<void> {
  await tx
    .insertInto('grants')
    .values({
      tenant: cloud.config.tenant,
      serial: grant.serial,
      owner,
      account_id: accountId,
      device_key: grant.deviceKey,
      currency: grant.currency,
      cap_minor: grant.capMinor,
      spends_max: grant.spendsMax,
      not_after_s: grant.notAfterS,
      issued_at_s: cloud.clock.nowS(),
      bytes: Buffer.from(bytes),
    })
    .execute()
}

/** Puts a grant on the list that phones and chargers carry around; gives the epoch of that list. Safe to repeat. */
export async function revokeGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
  notAfterS: number,
  reason: string,
): Promise<number> {
  const { tenant } = cloud.config
  const current = await tx
    .selectFrom('tenants')
    .select('revocation_epoch')
    .where('tenant', '=', tenant)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const epoch = current.revocation_epoch + 1
  const added = await tx
    .insertInto('revoked_grants')
    .values({ tenant, serial, epoch, not_after_s: notAfterS, reason, revoked_at_s: cloud.clock.nowS() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return current.revocation_epoch
  await tx.updateTable('tenants').set({ revocation_epoch: epoch }).where('tenant', '=', tenant).execute()
  return epoch
}

const certificateDays = 2 * 365

/** Exchanges a one-time code for a certificate. The same code and key give the same certificate again. */
export async function enrolCharger(
  cloud: Cloud,
  request: { code: string; chargerId: string; publicKey: string },
): Promise<Result<Bytes, Refusal>> {
  const key = readKey(request.publicKey)
  if (key === undefined) return err(refusal('device.unknown'))
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const code = await tx
      .selectFrom('enrolment_codes')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('code_hash', '=', hashSecret(normaliseCode(request.code)))
      .where('charger_id', '=', request.chargerId)
      .forUpdate()
      .executeTakeFirst()
    const nowS = cloud.clock.nowS()
    if (code === undefined || (code.used_by_key === null && code.expires_at_s < nowS)) {
      return err(refusal('device.enrolment-code'))
    }
    if (code.used_by_key !== null && code.used_by_key !== key) return err(refusal('device.enrolment-code'))
    const known = await tx
      .selectFrom('charger_certificates')
      .select('bytes')
      .where('tenant', '=', tenant)
      .where('charger_id', '=', code.charger_id)
      .where('key', '=', key)
      .executeTakeFirst()
    if (known !== undefined) return ok(toBytes(known.bytes))
    await tx
      .updateTable('enrolment_codes')
      .set({ used_by_key: key })
      .where('tenant', '=', tenant)
      .where('code_hash', '=', code.code_hash)
      .execute()
    return ok(await certifyCharger(cloud, tx, code.charger_id, key))
  })
}

async function certifyCharger(
  cloud: Cloud,
  tx: TenantTransaction,
  chargerId: string,
  key: PublicKey,
): Promise<Bytes> {
  const { tenant } = cloud.config
  const charger = await tx
    .selectFrom('chargers')
    .innerJoin('sites', (join) =>
      join.onRef('sites.tenant', '=', 'chargers.tenant').onRef('sites.site_id', '=', 'chargers.site_id'),
    )
    .select(['chargers.charger_id', 'chargers.site_id', 'chargers.bay_label', 'sites.label'])
    .where('chargers.tenant', '=', tenant)
    .where('chargers.charger_id', '=', chargerId)
    .executeTakeFirstOrThrow()
  const notBeforeS = addSeconds(cloud.clock.nowS(), -dayS)
  const notAfterS = addSeconds(notBeforeS, certificateDays * dayS)
  const signed = await signMessage(
    chargerCertificate,
    {
      operator: tenant,
      chargerId: toChargerId(charger.charger_id),
      key,
      siteId: siteId(charger.site_id),
      siteLabel: charger.label,
      bayLabel: charger.bay_label,
      notBeforeS,
      notAfterS,
      capabilities: 1,
    },
    cloud.issuer,
  )
  await tx
    .insertInto('charger_certificates')
    .values({
      tenant,
      charger_id: chargerId,
      key,
      not_before_s: notBeforeS,
      not_after_s: notAfterS,
      bytes: Buffer.from(signed.bytes),
    })
    .execute()
  return signed.bytes
}

async function stepUpPasskey(
  tx: TenantTransaction,
  cloud: Cloud,
  request: DriverGrantRequest,
): Promise<PasskeyInfo | undefined> {
  const passkeys = await passkeysOf(tx, cloud.config.tenant, request.accountId)
  const wanted = request.passkeyCredentialId
  return wanted === undefined ? passkeys[0] : passkeys.find(({ credentialId }) => credentialId === wanted)
}

/** The newest grant of this device with the same terms that is not revoked and has time and spends left. */
async function liveGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  owner: OwnerAccount,
  deviceKey: PublicKey,
  keyProtection: Grant['keyProtection'],
  passkey: PasskeyInfo | undefined,
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
