/** What anybody may know to check our signatures, and what we ourselves have signed. */

import { toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import { sql } from 'kysely'
import { assert } from '@/lib/core/assert'
import { grantSerial, publicKey, type GrantSerial, type OperatorId, type PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import { revocations } from '@/lib/protocol/messages/revocations'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openTrustList } from '@/lib/protocol/trust'
import type { TrustResponse } from '../api-types'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'

export interface Trust {
  readonly root: PublicKey
  readonly list: TrustList
  readonly bytes: Bytes
}

/** The newest trust list. Throws before the operator is established. */
export async function trustOf(cloud: Cloud, tx: TenantTransaction): Promise<Trust> {
  const row = await tx
    .selectFrom('trust_lists')
    .selectAll()
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  assert(row !== undefined, `operator ${cloud.config.tenant} has a trust list`)
  const root = publicKey(row.root_key)
  const list = openTrustList(row.bytes, root, cloud.verify)
  assert(list !== undefined, 'the stored trust list is the root’s')
  return { root, list: list.payload, bytes: list.bytes }
}

/** Root, trust list, revocations and policy as they go to phones and chargers, the revocations signed just now. */
export async function currentTrust(cloud: Cloud): Promise<TrustResponse> {
  return inTenant(cloud.db, cloud.config.tenant, (tx) => trustResponse(cloud, tx))
}

export async function trustResponse(cloud: Cloud, tx: TenantTransaction): Promise<TrustResponse> {
  const { root, bytes } = await trustOf(cloud, tx)
  const { bytes: policyBytes } = await currentPolicy(cloud, tx)
  return {
    root,
    trustList: toBase64Url(bytes),
    revocations: toBase64Url(await signRevocations(cloud, tx)),
    policy: toBase64Url(policyBytes),
  }
}

export async function currentPolicy(
  cloud: Cloud,
  tx: TenantTransaction,
): Promise<{ readonly policy: Policy; readonly bytes: Bytes }> {
  const row = await tx
    .selectFrom('policies')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  assert(row !== undefined, `operator ${cloud.config.tenant} has a policy`)
  const parsed = parseMessage(policy, row.bytes)
  assert(parsed.ok, 'the stored policy is well formed')
  return { policy: parsed.value.payload, bytes: parsed.value.bytes }
}

/** Serials of grants that have not run out anyway, sorted; signed now, so that they carry fresh time as well. */
async function signRevocations(cloud: Cloud, tx: TenantTransaction): Promise<Bytes> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const { revocation_epoch: epoch } = await tx
    .selectFrom('tenants')
    .select('revocation_epoch')
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const rows = await tx
    .selectFrom('revoked_grants')
    .select('serial')
    .where('tenant', '=', tenant)
    .where('not_after_s', '>=', nowS)
    .orderBy('epoch', 'desc')
    .limit(limits.revokedSerialsMax)
    .execute()
  const serials = rows.map(({ serial }) => grantSerial(serial)).sort()
  const signed = await signMessage(
    revocations,
    { operator: tenant, epoch, timeS: nowS, serials },
    cloud.issuer,
  )
  return signed.bytes
}

export interface IssuedGrant {
  readonly serial: GrantSerial
  readonly owner: string
  readonly accountId: string | null
  readonly deviceKey: PublicKey
  readonly currency: string
  readonly capMinor: number
  readonly spendsMax: number
  readonly notAfterS: number
  readonly issuedAtS: number
  readonly bytes: Bytes
}

export async function grantsBySerial(
  tx: TenantTransaction,
  tenant: OperatorId,
  serials: readonly GrantSerial[],
): Promise<ReadonlyMap<GrantSerial, IssuedGrant>> {
  if (serials.length === 0) return new Map()
  const rows = await tx
    .selectFrom('grants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('serial', 'in', [...new Set(serials)])
    .execute()
  return new Map(
    rows.map((row) => [
      grantSerial(row.serial),
      {
        serial: grantSerial(row.serial),
        owner: row.owner,
        accountId: row.account_id,
        deviceKey: publicKey(row.device_key),
        currency: row.currency,
        capMinor: row.cap_minor,
        spendsMax: row.spends_max,
        notAfterS: row.not_after_s,
        issuedAtS: row.issued_at_s,
        bytes: toBytes(row.bytes),
      },
    ]),
  )
}

/** Credit of an owner that stands in reserves, and how much of it open sessions hold. */
export async function reservedOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: string,
): Promise<{ readonly reservedMinor: number; readonly heldMinor: number }> {
  const { rows } = await sql<{ reserved: number; held: number }>`
    select coalesce(sum(a.posted_credits - a.posted_debits), 0)::bigint as reserved,
      coalesce(sum(a.pending_debits), 0)::bigint as held
    from reserves r
    join ledger_accounts a on a.tenant = r.tenant and a.account = 'reserve:' || r.serial and a.currency = r.currency
    where r.tenant = ${tenant} and r.owner = ${owner}`.execute(tx)
  return { reservedMinor: rows[0]?.reserved ?? 0, heldMinor: rows[0]?.held ?? 0 }
}
