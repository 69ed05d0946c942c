/**
 * Exchanges a grant for the next one (PROTOCOL.md, rules of money 10): verifies the close, gives back what it frees,
 * issues the next grant, writes both down and revokes the old one, all in the caller's transaction. The same close
 * gives the same grant again, whether a response was lost or two requests came at once.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { grantSerial, publicKey, type GrantSerial, type PublicKey } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { close as closeMessage, type Close } from '@/lib/protocol/messages/close'
import { grant as grantMessage, type Grant } from '@/lib/protocol/messages/grant'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { GrantRow } from '../database/tables/issuance'
import type { OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { lockRest } from './closed-rests'
import { closeOfHolder, decideClose, exchangeFault, type CloseDecision } from './close-rule'
import { grantFollowing, type DriverGrantRequest } from './driver-grant'
import { fleetGrantFollowing, lockLiveToken } from './fleet-renewal'
import { chainLinksOf } from './queries'
import { renewalReason, revocationLoad, revocationOf, revoke } from './revocations'

export interface RenewRequest extends Omit<DriverGrantRequest, 'accountId'> {
  /** Signed by the key of the grant that ends. */
  readonly close: Uint8Array
  /** Whoever is signed in. A driver's own credit is exchanged for its account alone; a fleet's token by its key. */
  readonly accountId: string | undefined
}

export async function exchangeGrant(
  cloud: Cloud,
  tx: TenantTransaction,
  request: RenewRequest,
  nextKey: PublicKey,
): Promise<Result<Bytes, Refusal>> {
  const opened = await openClose(cloud, tx, request.close)
  if (!opened.ok) return opened
  const { close, row } = opened.value
  const allowed = await lockHolder(cloud, tx, row, request.accountId)
  if (!allowed.ok) return allowed
  const rest = await lockRest(cloud, tx, grantSerial(row.serial))
  if (rest === undefined) return err(refusal('grant.missing'))
  const before = await earlierExchange(cloud, tx, close.payload, nextKey)
  if (before !== undefined) return before
  const revoked = await revocationOf(cloud, tx, close.payload.serial)
  // A manager who wants new rules to hold at once revokes the grant so that this very exchange comes.
  if (revoked !== undefined && revoked.reason !== renewalReason) return err(refusal('grant.revoked'))
  if ((await revocationLoad(cloud, tx)).waiting > 0) return err(refusal('news.full'))
  const links = await chainLinksOf(tx, cloud.config.tenant, close.payload.serial)
  const decision = decideClose({ close: close.payload, grantHash: opened.value.grantHash, links, rest })
  if (!decision.ok) return decision
  const posted = await postTransfers(tx, cloud.config.tenant, decision.value.transfers)
  if (!posted.ok) throw new Error(`Grant ${row.serial} cannot be closed: ${JSON.stringify(posted.error)}`)
  const next = await follow(cloud, tx, request, nextKey, opened.value, decision.value)
  if (!next.ok) return next
  await keepClose(cloud, tx, close, next.value.serial)
  await revoke(cloud, tx, close.payload.serial, row.not_after_s, 'closed')
  return ok(next.value.bytes)
}

export interface OpenedClose {
  readonly close: VerifiedMessage<Close>
  readonly row: GrantRowRead
  readonly grant: Grant
  readonly grantHash: VerifiedMessage<Grant>['hash']
}
type GrantRowRead = Pick<GrantRow, 'serial' | 'owner' | 'account_id' | 'not_after_s'> & {
  readonly root_serial: string | null
}

export async function openClose(
  cloud: Cloud,
  tx: TenantTransaction,
  bytes: Uint8Array,
): Promise<Result<OpenedClose, Refusal>> {
  const parsed = parseMessage(closeMessage, bytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const row = await tx
    .selectFrom('grants')
    .select(['serial', 'owner', 'account_id', 'not_after_s', 'root_serial', 'device_key', 'bytes'])
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', parsed.value.payload.serial)
    .executeTakeFirst()
  if (row === undefined) return err(refusal('grant.missing'))
  const close = closeOfHolder(parsed.value, publicKey(row.device_key), cloud.verify)
  if (!close.ok) return close
  const grant = parseMessage(grantMessage, row.bytes)
  if (!grant.ok) throw new Error(`Grant ${row.serial} does not parse any more`)
  return ok({ close: close.value, row, grant: grant.value.payload, grantHash: grant.value.hash })
}

/** A fleet can take its token back at any time, so that is looked at under lock. */
async function lockHolder(
  cloud: Cloud,
  tx: TenantTransaction,
  row: GrantRowRead,
  accountId: string | undefined,
): Promise<Result<undefined, Refusal>> {
  const fault = exchangeFault(row.owner as OwnerAccount, accountId)
  if (fault !== undefined) return err(fault)
  return row.account_id === null ? lockLiveToken(cloud, tx, rootOf(row)) : ok(undefined)
}

/** The reserve's lock is held, so whoever came first has finished. */
async function earlierExchange(
  cloud: Cloud,
  tx: TenantTransaction,
  { serial, lastSeq, head }: Close,
  nextKey: PublicKey,
): Promise<Result<Bytes, Refusal> | undefined> {
  const { tenant } = cloud.config
  const row = await tx
    .selectFrom('grant_closes')
    .innerJoin('grants', (join) =>
      join
        .onRef('grants.tenant', '=', 'grant_closes.tenant')
        .onRef('grants.serial', '=', 'grant_closes.next_serial'),
    )
    .select(['last_seq', 'head', 'grants.device_key', 'grants.bytes'])
    .where('grant_closes.tenant', '=', tenant)
    .where('grant_closes.serial', '=', serial)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const isSame = row.last_seq === lastSeq && row.head === head && row.device_key === nextKey
  // Another end of the same grant, or another phone that wants its credit: a restored backup does that.
  return isSame ? ok(toBytes(row.bytes)) : err(refusal('close.contradicted', { seq: row.last_seq }))
}

function follow(
  cloud: Cloud,
  tx: TenantTransaction,
  request: RenewRequest,
  nextKey: PublicKey,
  { row, grant }: OpenedClose,
  { spendableMinor }: CloseDecision,
): Promise<Result<{ readonly serial: GrantSerial; readonly bytes: Bytes }, Refusal>> {
  const root = rootOf(row)
  if (row.account_id === null) {
    const { keyProtection } = request
    return fleetGrantFollowing(cloud, tx, { root, nextKey, restMinor: spendableMinor, keyProtection })
  }
  const sites = request.sites ?? grant.sites
  return grantFollowing(cloud, tx, { ...request, accountId: row.account_id, sites }, nextKey, root)
}

const rootOf = (row: GrantRowRead): GrantSerial => grantSerial(row.root_serial ?? row.serial)

async function keepClose(
  cloud: Cloud,
  tx: TenantTransaction,
  { payload, bytes }: VerifiedMessage<Close>,
  nextSerial: GrantSerial,
): Promise<void> {
  await tx
    .insertInto('grant_closes')
    .values({
      tenant: cloud.config.tenant,
      serial: payload.serial,
      last_seq: payload.lastSeq,
      head: payload.head,
      bytes: Buffer.from(bytes),
      next_serial: nextSerial,
      closed_at_s: cloud.clock.nowS(),
    })
    .execute()
}
