/** The rows behind every grant and card: its serial, its reserve in the ledger, and what was signed. */

import { toHex, type Bytes } from '@/lib/core/bytes'
import { grantSerial, publicKey, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import type { MinorUnits } from '@/lib/core/units'
import { isAcceptableKey } from '@/lib/crypto/key-check'
import { riskDefaults } from '@/lib/policy/defaults'
import type { Grant } from '@/lib/protocol/messages/grant'
import { shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import type { Cloud } from '../context'
import { setAllAside } from '../credit/set-aside'
import { acrossOrganisations, type TenantTransaction } from '../database/connection'
import type { OwnerAccount } from '../ledger/accounts'

/** Of 2³² short ids an operator has used thousands: one draw is nearly always enough. */
const drawsMax = 16

/**
 * A serial whose short id nobody else has: revocations name grants by it, so that whoever shared it would be revoked
 * as well.
 */
export async function freshSerial(cloud: Cloud, tx: TenantTransaction): Promise<GrantSerial> {
  const { tenant } = cloud.config
  for (let draw = 0; draw < drawsMax; draw += 1) {
    const serial = grantSerial(toHex(cloud.random.bytes(8)))
    const [from, to] = [`${shortIdOf(serial)}00000000`, `${shortIdOf(serial)}ffffffff`]
    const isTaken = await acrossOrganisations(tx, () => hasSerialBetween(tx, tenant, from, to))
    if (!isTaken) return serial
  }
  throw new Error('No serial with a short id of its own could be drawn')
}

async function hasSerialBetween(
  tx: TenantTransaction,
  tenant: string,
  from: string,
  to: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('reserves')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('serial', '>=', from)
    .where('serial', '<=', to)
    .unionAll(
      tx
        .selectFrom('revoked_grants')
        .select('serial')
        .where('tenant', '=', tenant)
        .where('serial', '>=', from)
        .where('serial', '<=', to),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Lower-case hex of a sound Ed25519 key, or undefined. */
export function readKey(text: string): PublicKey | undefined {
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined
  const key = publicKey(text)
  return isAcceptableKey(key) ? key : undefined
}

/** When the credit of a grant that ends then is free again: chargers may bring its sessions until that time. */
export const releaseAfter = (notAfterS: number): number =>
  notAfterS + riskDefaults.holdOutlivesGrantDays * 86_400

export interface NewReserve {
  readonly serial: GrantSerial
  readonly owner: OwnerAccount
  readonly capMinor: MinorUnits
  readonly releaseAfterS: number
  readonly author: string
}

/** Moves a grant's cap out of the owner's credit. It comes back when the grant and its holds have run out. */
export const reserveCredit = (
  cloud: Cloud,
  tx: TenantTransaction,
  reserve: NewReserve,
): Promise<Result<undefined, Refusal>> => reserveAll(cloud, tx, [reserve])

/** Likewise for many of one owner: all or none, in as few statements as for one. */
export async function reserveAll(
  cloud: Cloud,
  tx: TenantTransaction,
  reserves: readonly NewReserve[],
): Promise<Result<undefined, Refusal>> {
  if (reserves.length === 0) return ok(undefined)
  const { tenant, currency } = cloud.config
  const taken = await setAllAside(
    cloud,
    tx,
    reserves.map(({ serial, owner, capMinor, author }) => ({
      ...{ reference: serial, serial, owner, amountMinor: capMinor, reason: 'grant', author },
    })),
  )
  if (!taken.ok) return taken
  await tx
    .insertInto('reserves')
    .values(
      reserves.map(({ serial, owner, releaseAfterS }) => ({
        ...{ tenant, serial, owner, currency, release_after_s: releaseAfterS, released_at_s: null },
      })),
    )
    .execute()
  return ok(undefined)
}

/** @param rootSerial of the first grant in the row, where this one follows another. */
export async function keepGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  grant: Grant,
  bytes: Bytes,
  owner: OwnerAccount,
  accountId: string | null,
  rootSerial: GrantSerial | null = null,
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
      root_serial: rootSerial,
      bytes: Buffer.from(bytes),
    })
    .execute()
}
