/**
 * A grant given back for good (PROTOCOL.md, rules of money 10, without a next one): its close is verified like that of
 * a renewal, what it frees returns to the account, and the serial is revoked. The same close does all of it once.
 */

import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Close } from '@/lib/protocol/messages/close'
import type { CloseResponse } from '../api-types/trips'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { walletAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { balanceOf } from '../ledger/queries'
import { decideClose } from './close-rule'
import { lockRest } from './closed-rests'
import { chainLinksOf } from './queries'
import { openClose } from './renew-grant'
import { isRevoked, revocationLoad, revoke } from './revocations'

export interface GiveBackRequest {
  readonly accountId: string
  /** Signed by the key of the grant that ends. */
  readonly close: Uint8Array
}

export const giveBackGrant = (
  cloud: Cloud,
  request: GiveBackRequest,
): Promise<Result<CloseResponse, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, (tx) => giveBack(cloud, tx, request))

async function giveBack(
  cloud: Cloud,
  tx: TenantTransaction,
  { accountId, close: bytes }: GiveBackRequest,
): Promise<Result<CloseResponse, Refusal>> {
  const opened = await openClose(cloud, tx, bytes)
  if (!opened.ok) return opened
  const { close, row, grantHash } = opened.value
  // Fleets' tokens belong to their managers, a guest's grant to its card.
  if (row.account_id !== accountId || row.owner !== walletAccount(accountId))
    return err(refusal('api.forbidden'))
  const serial = grantSerial(row.serial)
  const rest = await lockRest(cloud, tx, serial)
  if (rest === undefined) return err(refusal('grant.missing'))
  const before = await earlierClose(cloud, tx, close.payload)
  if (before !== undefined) return before.ok ? ok(await standing(cloud, tx, accountId, serial)) : before
  if (await isRevoked(cloud, tx, serial)) return err(refusal('grant.revoked'))
  if ((await revocationLoad(cloud, tx)).waiting > 0) return err(refusal('news.full'))
  const links = await chainLinksOf(tx, cloud.config.tenant, serial)
  const decision = decideClose({ close: close.payload, grantHash, links, rest })
  if (!decision.ok) return decision
  const posted = await postTransfers(tx, cloud.config.tenant, decision.value.transfers)
  if (!posted.ok) throw new Error(`Grant ${serial} cannot be given back: ${JSON.stringify(posted.error)}`)
  await tx
    .insertInto('grant_closes')
    .values({
      tenant: cloud.config.tenant,
      serial,
      last_seq: close.payload.lastSeq,
      head: close.payload.head,
      bytes: Buffer.from(close.bytes),
      closed_at_s: cloud.clock.nowS(),
    })
    .execute()
  await revoke(cloud, tx, serial, row.not_after_s, 'closed')
  return ok(await standing(cloud, tx, accountId, serial))
}

/** The reserve's lock is held, so whoever came first has finished. Undefined for a grant that nobody closed. */
async function earlierClose(
  cloud: Cloud,
  tx: TenantTransaction,
  { serial, lastSeq, head }: Close,
): Promise<Result<undefined, Refusal> | undefined> {
  const row = await tx
    .selectFrom('grant_closes')
    .select(['last_seq', 'head', 'next_serial'])
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', serial)
    .executeTakeFirst()
  if (row === undefined) return undefined
  // Another end of the same grant, or one that was exchanged: a restored backup does that.
  const isSame = row.last_seq === lastSeq && row.head === head && row.next_serial === null
  return isSame ? ok(undefined) : err(refusal('close.contradicted', { seq: row.last_seq }))
}

/** What the books say, so that a repeated request is answered like the first. */
async function standing(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  serial: GrantSerial,
): Promise<CloseResponse> {
  const { tenant, currency } = cloud.config
  const released = await tx
    .selectFrom('ledger_transfers')
    .select(({ fn }) => fn.sum<string | null>('amount_minor').as('sum'))
    .where('tenant', '=', tenant)
    .where('debit', '=', `reserve:${serial}`)
    .where('kind', '=', 'release')
    .executeTakeFirstOrThrow()
  const { availableMinor } = await balanceOf(tx, tenant, walletAccount(accountId), currency)
  return { releasedMinor: Number(released.sum ?? 0), balanceMinor: availableMinor }
}
