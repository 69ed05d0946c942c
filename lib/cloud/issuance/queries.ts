/** What anybody may know to check our signatures, and what we ourselves have signed. */

import { toBase64Url, toBytes, type Bytes } from '@/lib/core/bytes'
import { sql } from 'kysely'
import { assert } from '@/lib/core/assert'
import {
  grantSerial,
  messageHash,
  publicKey,
  sessionId,
  siteId,
  type GrantSerial,
  type OperatorId,
  type PublicKey,
  type SiteId,
} from '@/lib/core/ids'
import { parseMessage } from '@/lib/protocol/message'
import { policy, type Policy } from '@/lib/protocol/messages/policy'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openTrustList } from '@/lib/protocol/trust'
import type { TrustResponse } from '../api-types/devices'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { ChainLink } from '../ingest/chain-check'
import { revocationNews } from './revocations'

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

/** Root, trust list, revocations and policies as they go to phones and chargers, the revocations signed just now. */
export async function currentTrust(cloud: Cloud): Promise<TrustResponse> {
  return inTenant(cloud.db, cloud.config.tenant, (tx) => trustResponse(cloud, tx))
}

export async function trustResponse(cloud: Cloud, tx: TenantTransaction): Promise<TrustResponse> {
  const { root, bytes } = await trustOf(cloud, tx)
  const { inForce, next } = await policiesOf(cloud, tx)
  const { revocations, deltas } = await revocationNews(cloud, tx)
  return {
    root,
    trustList: toBase64Url(bytes),
    revocations: toBase64Url(revocations),
    revocationDeltas: deltas,
    policy: toBase64Url(inForce.bytes),
    ...(next === undefined ? {} : { nextPolicy: toBase64Url(next.bytes) }),
  }
}

export interface StoredPolicy {
  readonly policy: Policy
  readonly bytes: Bytes
}

/** The policy in force, and the one that is announced, if there is one. Throws before the operator is established. */
export async function policiesOf(
  cloud: Cloud,
  tx: TenantTransaction,
): Promise<{ readonly inForce: StoredPolicy; readonly next: StoredPolicy | undefined }> {
  const rows = await tx
    .selectFrom('policies')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    // One in force and one announced; a correction of the announced one may stand between them.
    .limit(policiesReadMax)
    .execute()
  const policies = rows.map((row) => {
    const parsed = parseMessage(policy, row.bytes)
    assert(parsed.ok, 'a stored policy is well formed')
    return { policy: parsed.value.payload, bytes: parsed.value.bytes }
  })
  const nowS = cloud.clock.nowS()
  const inForce = policies.find(({ policy: { notBeforeS } }) => notBeforeS <= nowS)
  assert(inForce !== undefined, `operator ${cloud.config.tenant} has a policy in force`)
  const newest = policies[0]
  return { inForce, next: newest === inForce ? undefined : newest }
}

const policiesReadMax = 32

/** These sites, in order; undefined where one is not the operator's, or they are more than a grant can name. */
export async function knownSites(
  tx: TenantTransaction,
  tenant: OperatorId,
  sites: readonly string[],
): Promise<readonly SiteId[] | undefined> {
  const wanted = [...new Set(sites)].sort()
  if (wanted.length > grantSitesMax) return undefined
  if (wanted.length === 0) return []
  const rows = await tx
    .selectFrom('sites')
    .select('site_id')
    .where('tenant', '=', tenant)
    .where('site_id', 'in', wanted)
    .execute()
  return rows.length === wanted.length ? wanted.map((site) => siteId(site)) : undefined
}

const grantSitesMax = 8

/** Every authorization that is known under a grant. */
export async function chainLinksOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  serial: GrantSerial,
): Promise<readonly ChainLink[]> {
  const rows = await tx
    .selectFrom('charging_sessions')
    .select(['session_id', 'seq', 'previous_hash', 'gross_minor', 'hold_minor'])
    .where('tenant', '=', tenant)
    .where('serial', '=', serial)
    .orderBy('session_id')
    .execute()
  return rows.map((row) => ({
    serial,
    sessionId: sessionId(row.session_id),
    seq: row.seq ?? 0,
    previous: messageHash(row.previous_hash ?? ''),
    grossMinor: row.gross_minor ?? 0,
    holdMinor: row.hold_minor ?? 0,
  }))
}

/** How far the chain of a grant went by its holder's word. Whatever was signed beyond is evidence against somebody. */
export interface KnownClose {
  readonly serial: GrantSerial
  readonly lastSeq: number
  readonly head: string
  readonly bytes: Bytes
}

/** Which of these grants are closed. Read after their reserves are locked, nothing can close between. */
export async function closesBySerial(
  tx: TenantTransaction,
  tenant: OperatorId,
  serials: readonly GrantSerial[],
): Promise<ReadonlyMap<GrantSerial, KnownClose>> {
  if (serials.length === 0) return new Map()
  const rows = await tx
    .selectFrom('grant_closes')
    .select(['serial', 'last_seq', 'head', 'bytes'])
    .where('tenant', '=', tenant)
    .where('serial', 'in', [...new Set(serials)])
    .execute()
  return new Map(
    rows.map((row) => {
      const serial = grantSerial(row.serial)
      return [serial, { serial, lastSeq: row.last_seq, head: row.head, bytes: toBytes(row.bytes) }]
    }),
  )
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
