/**
 * Printed cards and listed RFID tokens: credit that whoever holds one may spend at a few sites, up to a small cap that
 * stands in a reserve like a grant's. A batch has a name; asking for it again gives the same cards.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { grantSerial, messageHash, type GrantSerial, type MessageHash, type OperatorId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, minorUnits } from '@/lib/core/units'
import { wholeUnits } from '@/lib/policy/defaults'
import { signMessage } from '@/lib/protocol/message'
import { shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { voucher } from '@/lib/protocol/messages/voucher'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { VoucherRow } from '../database/tables/issuance'
import { spentUp, type KnownCard } from '../ingest/mandate'
import { ownerAccount, type OwnerAccount } from '../ledger/accounts'
import { freshSerial, releaseAfter, reserveAll } from './grant-books'
import { knownSites } from './queries'

const dayS = 86_400
export const voucherLimits = {
  /** Whole currency units on one card. */
  capMost: 15,
  daysMost: 730,
  /** Cards in one batch. */
  countMost: 200,
  /** What chargers sold to a card before they heard that it is void may arrive for so long; then its rest is free again. */
  returnsAfterDays: 21,
} as const

export interface VoucherOrder {
  /** Names the batch for good. */
  readonly batch: string
  readonly count: number
  readonly owner: OwnerAccount
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly days: number
  readonly bearer: VoucherRow['bearer']
  readonly author: string
}

export interface IssuedVoucher {
  readonly serial: GrantSerial
  readonly number: number
  readonly capMinor: number
  readonly notAfterS: number
  readonly bytes: Bytes
}

export async function issueBatch(
  cloud: Cloud,
  tx: TenantTransaction,
  order: VoucherOrder,
): Promise<Result<readonly IssuedVoucher[], Refusal>> {
  const { tenant, currency } = cloud.config
  const capMost = wholeUnits(voucherLimits.capMost, currency)
  const isSound =
    order.capMinor > 0 &&
    order.capMinor <= capMost &&
    order.count >= 1 &&
    order.count <= voucherLimits.countMost &&
    order.days >= 1 &&
    order.days <= voucherLimits.daysMost
  if (!isSound) return err(refusal('account.amount', { minimumMinor: 1, maximumMinor: capMost }))
  const sites = await knownSites(tx, tenant, order.sites)
  if (sites === undefined || sites.length === 0) return err(refusal('voucher.site'))
  // One at a time, so that a batch that is asked for twice at once is made once.
  await tx.selectFrom('tenants').select('tenant').where('tenant', '=', tenant).forUpdate().execute()
  const known = await cardsOfBatch(tx, tenant, order.batch)
  if (known.length > 0) return ok(known)
  const nowS = cloud.clock.nowS()
  const notAfterS = addSeconds(nowS, order.days * dayS)
  const serials = await freshSerials(cloud, tx, order.count)
  const { owner, author, bearer } = order
  const capMinor = minorUnits(order.capMinor)
  const releaseAfterS = releaseAfter(notAfterS)
  const reserves = serials.map((serial) => ({ serial, owner, capMinor, releaseAfterS, author }))
  const reserved = await reserveAll(cloud, tx, reserves)
  if (!reserved.ok) return reserved
  const notBeforeS = addSeconds(nowS, -300)
  const rows: VoucherRow[] = []
  for (const [at, serial] of serials.entries()) {
    const payload = { operator: tenant, serial, currency, capMinor, notBeforeS, notAfterS, sites, bearer }
    const signed = await signMessage(voucher, payload, cloud.issuer)
    rows.push({
      ...{ tenant, serial, batch: order.batch, number: at + 1, owner, bearer, currency, cap_minor: capMinor },
      ...{ sites: [...sites], not_after_s: notAfterS, issued_at_s: nowS, hash: signed.hash },
      bytes: Buffer.from(signed.bytes),
    })
  }
  await tx.insertInto('vouchers').values(rows).execute()
  return ok(await cardsOfBatch(tx, tenant, order.batch))
}

/** Nobody else's, and no two of them with one short id. */
async function freshSerials(
  cloud: Cloud,
  tx: TenantTransaction,
  count: number,
): Promise<readonly GrantSerial[]> {
  const byShortId = new Map<string, GrantSerial>()
  while (byShortId.size < count) {
    const serial = await freshSerial(cloud, tx)
    byShortId.set(shortIdOf(serial), serial)
  }
  return [...byShortId.values()]
}

export async function cardsOfBatch(
  tx: TenantTransaction,
  tenant: OperatorId,
  batch: string,
): Promise<readonly IssuedVoucher[]> {
  const rows = await tx
    .selectFrom('vouchers')
    .select(['serial', 'number', 'cap_minor', 'not_after_s', 'bytes'])
    .where('tenant', '=', tenant)
    .where('batch', '=', batch)
    .orderBy('number')
    .execute()
  return rows.map((row) => ({
    serial: grantSerial(row.serial),
    number: row.number,
    capMinor: row.cap_minor,
    notAfterS: row.not_after_s,
    bytes: toBytes(row.bytes),
  }))
}

/** A card as reconciliation needs it, and whose reserve pays. */
export interface KnownVoucher extends KnownCard {
  readonly owner: OwnerAccount
}

export const vouchersBySerial = (
  tx: TenantTransaction,
  tenant: OperatorId,
  serials: readonly GrantSerial[],
): Promise<readonly KnownVoucher[]> => knownVouchers(tx, tenant, 'serial', serials)

export const vouchersByHash = (
  tx: TenantTransaction,
  tenant: OperatorId,
  hashes: readonly MessageHash[],
): Promise<readonly KnownVoucher[]> => knownVouchers(tx, tenant, 'hash', hashes)

async function knownVouchers(
  tx: TenantTransaction,
  tenant: OperatorId,
  column: 'serial' | 'hash',
  values: readonly string[],
): Promise<readonly KnownVoucher[]> {
  if (values.length === 0) return []
  const rows = await tx
    .selectFrom('vouchers as v')
    .leftJoin('revoked_grants as r', (join) =>
      join.onRef('r.tenant', '=', 'v.tenant').onRef('r.serial', '=', 'v.serial'),
    )
    .select(['v.serial', 'v.hash', 'v.owner', 'v.bearer', 'v.currency', 'v.cap_minor', 'v.sites'])
    .select(['v.not_after_s', 'r.revoked_at_s', 'r.reason'])
    .where('v.tenant', '=', tenant)
    .where(`v.${column}`, 'in', [...new Set(values)])
    .orderBy('v.serial')
    .execute()
  return rows.map((row) => ({
    serial: grantSerial(row.serial),
    hash: messageHash(row.hash),
    owner: ownerAccount(row.owner),
    bearer: row.bearer,
    currency: row.currency,
    capMinor: row.cap_minor,
    sites: row.sites,
    notAfterS: row.not_after_s,
    revokedAtS: row.reason === spentUp ? undefined : (row.revoked_at_s ?? undefined),
  }))
}
