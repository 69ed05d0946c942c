/** All void cards of a fleet, whatever their batch, newest first: who looks at a card in the hand finds it here. */

import { sql } from 'kysely'
import { fromBase64Url, toBase64Url, utf8 } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { spentUp } from '../ingest/mandate'
import { heardOf, unheardOf, type UnheardCharger } from './news-rule'
import { chargersOfSites } from './site-chargers'

export interface VoidCard {
  readonly cardId: string
  readonly batchId: string
  readonly batchName: string
  readonly number: number
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly notAfterS: number
  readonly sinceS: number
  readonly epoch: number
  /** Chargers of its sites, and how many of them know. */
  readonly chargers: number
  readonly heard: number
}

export interface VoidList {
  readonly cards: readonly VoidCard[]
  readonly next: string | null
  /** Chargers that would still take one of the cards of this page. */
  readonly unheard: readonly UnheardCharger[]
}

const pageSize = 50
const unheardMax = 100

export const voidList = (
  cloud: Cloud,
  fleetId: string,
  { after, limit = pageSize }: { readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<Result<VoidList, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const before = after === undefined ? undefined : readPlace(after)
    if (after !== undefined && before === undefined) return err(refusal('api.malformed'))
    const found = await readVoid(cloud, tx, fleetId, before, limit + 1)
    const rows = found.slice(0, limit)
    const chargers = await chargersOfSites(
      cloud,
      tx,
      rows.flatMap(({ sites }) => sites),
    )
    const last = rows.at(-1)
    const news = rows.map(({ epoch, sinceS, sites, notAfterS }) => ({ epoch, sinceS, sites, notAfterS }))
    return ok({
      cards: rows.map((row) => ({ ...row, ...heardOf(row, chargers) })),
      next: found.length > limit && last !== undefined ? toBase64Url(utf8(String(last.epoch))) : null,
      unheard: unheardOf(news, chargers, cloud.clock.nowS()).slice(0, unheardMax),
    })
  })

export type StoredVoid = Omit<VoidCard, 'chargers' | 'heard'>

/** The newest before an epoch. */
export async function readVoid(
  { config: { tenant } }: Cloud,
  tx: TenantTransaction,
  fleetId: string,
  beforeEpoch: number | undefined,
  countMax: number,
): Promise<readonly StoredVoid[]> {
  const { rows } = await sql<VoidRow>`
    select v.serial, v.number, v.cap_minor, v.not_after_s, b.batch_id, b.name, b.sites, r.epoch, r.revoked_at_s
    from fleet_card_batches b
    join vouchers v on v.tenant = b.tenant and v.batch = b.voucher_batch
    join revoked_grants r on r.tenant = v.tenant and r.serial = v.serial and r.reason <> ${spentUp}
    where b.tenant = ${tenant} and b.fleet_id = ${fleetId}
      ${beforeEpoch === undefined ? sql`` : sql`and r.epoch < ${beforeEpoch}::bigint`}
    order by r.epoch desc limit ${countMax}`.execute(tx)
  return rows.map((row) => ({
    ...{ cardId: row.serial, batchId: row.batch_id, batchName: row.name, number: row.number },
    ...{ capMinor: row.cap_minor, sites: row.sites, notAfterS: row.not_after_s },
    ...{ sinceS: row.revoked_at_s, epoch: row.epoch },
  }))
}

interface VoidRow {
  serial: string
  number: number
  cap_minor: number
  not_after_s: number
  batch_id: string
  name: string
  sites: string[]
  epoch: number
  revoked_at_s: number
}

/** Each epoch is one card's. */
function readPlace(text: string): number | undefined {
  const bytes = fromBase64Url(text)
  const digits = bytes === undefined ? null : /^\d{1,15}$/.exec(new TextDecoder().decode(bytes))
  return digits === null ? undefined : Number(digits[0])
}
