/** Reads batches and their cards: what stands in the rows, before anything is made of it. */

import { sql } from 'kysely'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { FleetCardBatchRow } from '../database/tables/fleet-card-batches'
import { printedCard, type PrintedCard } from './card-rule'

export const batchById = (
  { config }: Cloud,
  tx: TenantTransaction,
  fleetId: string,
  batchId: string,
): Promise<FleetCardBatchRow | undefined> =>
  tx
    .selectFrom('fleet_card_batches')
    .selectAll()
    .where('tenant', '=', config.tenant)
    .where('fleet_id', '=', fleetId)
    .where('batch_id', '=', batchId)
    .executeTakeFirst()

/** Of whole batches, by the name that the vouchers bear; in the order of their numbers. */
export async function cardsOfBatches(
  { config, clock }: Cloud,
  tx: TenantTransaction,
  voucherBatches: readonly string[],
): Promise<ReadonlyMap<string, readonly PrintedCard[]>> {
  const { tenant } = config
  const { rows } = await sql<CardRow>`
    select v.batch, v.serial, v.number, v.cap_minor, v.not_after_s, x.release_after_s, x.released_at_s,
      coalesce(a.posted_credits - a.posted_debits, 0)::bigint as reserved, coalesce(a.pending_debits, 0)::bigint as held,
      case when x.released_at_s is null then 0 else (
        select coalesce(sum(t.amount_minor), 0)::bigint from ledger_transfers t
        where t.tenant = ${tenant} and t.debit = 'reserve:' || v.serial and t.currency = v.currency
          and t.kind = 'release') end as returned,
      r.epoch, r.revoked_at_s, r.reason
    from vouchers v
    join reserves x on x.tenant = v.tenant and x.serial = v.serial
    left join ledger_accounts a
      on a.tenant = v.tenant and a.account = 'reserve:' || v.serial and a.currency = v.currency
    left join revoked_grants r on r.tenant = v.tenant and r.serial = v.serial
    where v.tenant = ${tenant} and v.batch = any(${[...voucherBatches]}::text[])
    order by v.batch, v.number`.execute(tx)
  const nowS = clock.nowS()
  const cards = new Map<string, PrintedCard[]>(voucherBatches.map((batch) => [batch, []]))
  for (const row of rows) cards.get(row.batch)?.push(printedCard(figuresOf(row), nowS))
  return cards
}

interface CardRow {
  batch: string
  serial: string
  number: number
  cap_minor: number
  not_after_s: number
  release_after_s: number
  released_at_s: number | null
  reserved: number
  held: number
  returned: number
  epoch: number | null
  revoked_at_s: number | null
  reason: string | null
}

const figuresOf = (row: CardRow): Parameters<typeof printedCard>[0] => ({
  ...{ serial: row.serial, number: row.number, capMinor: row.cap_minor, notAfterS: row.not_after_s },
  ...{ reservedMinor: row.reserved, heldMinor: row.held, returnedMinor: row.returned },
  ...{ releaseAfterS: row.release_after_s, isReleased: row.released_at_s !== null },
  revocation:
    row.epoch === null || row.revoked_at_s === null
      ? undefined
      : { epoch: row.epoch, atS: row.revoked_at_s, reason: row.reason ?? '' },
})
