/** A fleet's batches of printed cards as its people see them: the list, one of them with its cards, and what can be made. */

import { fromBase64Url, toBase64Url, utf8 } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { wholeUnits } from '@/lib/policy/defaults'
import type { Cloud } from '../context'
import { positionOf } from '../credit/credit-rows'
import { freeOf } from '../credit/free-credit'
import { inTenant, transact } from '../database/connection'
import type { FleetCardBatchRow } from '../database/tables/fleet-card-batches'
import { voucherLimits } from '../issuance/vouchers'
import { batchById, cardsOfBatches } from './batch-rows'
import { sumsOf, type BatchSums, type PrintedCard } from './card-rule'
import { heardOf, unheardOf, type UnheardCharger, type VoidNews } from './news-rule'
import { chargersOfSites, labelsOfSites } from './site-chargers'

export interface ListedBatch extends BatchSums {
  readonly batchId: string
  readonly name: string
  readonly count: number
  readonly capMinor: number
  readonly sites: readonly { readonly siteId: string; readonly label: string }[]
  readonly issuedAtS: number
  readonly notAfterS: number
}

export interface PageOfBatches {
  readonly batches: readonly ListedBatch[]
  readonly next: string | null
}

const pageSize = 20

export const batchesOf = (
  cloud: Cloud,
  fleetId: string,
  { after, limit = pageSize }: { readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<Result<PageOfBatches, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const place = after === undefined ? undefined : readPlace(after)
    if (after !== undefined && place === undefined) return err(refusal('api.malformed'))
    let query = tx
      .selectFrom('fleet_card_batches')
      .selectAll()
      .where('tenant', '=', cloud.config.tenant)
      .where('fleet_id', '=', fleetId)
      .orderBy('issued_at_s', 'desc')
      .orderBy('batch_id')
      .limit(limit + 1)
    if (place !== undefined)
      query = query.where(({ or, and, eb }) =>
        or([
          eb('issued_at_s', '<', place.issuedAtS),
          and([eb('issued_at_s', '=', place.issuedAtS), eb('batch_id', '>', place.batchId)]),
        ]),
      )
    const found = await query.execute()
    const rows = found.slice(0, limit)
    const cards = await cardsOfBatches(
      cloud,
      tx,
      rows.map((row) => row.voucher_batch),
    )
    const labels = await labelsOfSites(
      cloud,
      tx,
      rows.flatMap(({ sites }) => sites),
    )
    const last = rows.at(-1)
    return ok({
      batches: rows.map((row) => listed(row, cards.get(row.voucher_batch) ?? [], labels)),
      next: found.length > limit && last !== undefined ? placeOf(last) : null,
    })
  })

export interface BatchCard extends PrintedCard {
  /** Chargers of its sites, and how many of them know that it is void; null where it is not. */
  readonly news: { readonly chargers: number; readonly heard: number } | null
}

export interface WholeBatch {
  readonly batch: ListedBatch
  readonly cards: readonly BatchCard[]
  readonly unheard: readonly UnheardCharger[]
}

const unheardMax = 100

export const batchOf = (
  cloud: Cloud,
  fleetId: string,
  batchId: string,
): Promise<Result<WholeBatch, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const row = await batchById(cloud, tx, fleetId, batchId)
    if (row === undefined) return err(refusal('api.not-found'))
    const cards = (await cardsOfBatches(cloud, tx, [row.voucher_batch])).get(row.voucher_batch) ?? []
    const chargers = await chargersOfSites(cloud, tx, row.sites)
    const newsOf = ({ voidEpoch, voidSinceS }: PrintedCard): VoidNews | undefined =>
      voidEpoch === null || voidSinceS === null
        ? undefined
        : { epoch: voidEpoch, sinceS: voidSinceS, sites: row.sites, notAfterS: row.not_after_s }
    const news = cards.map(newsOf).filter((one) => one !== undefined)
    return ok({
      batch: listed(row, cards, await labelsOfSites(cloud, tx, row.sites)),
      cards: cards.map((card) => {
        const one = newsOf(card)
        return { ...card, news: one === undefined ? null : heardOf(one, chargers) }
      }),
      unheard: unheardOf(news, chargers, cloud.clock.nowS()).slice(0, unheardMax),
    })
  })

const listed = (
  row: FleetCardBatchRow,
  cards: readonly PrintedCard[],
  labels: ReadonlyMap<string, string>,
): ListedBatch => ({
  ...{ batchId: row.batch_id, name: row.name, count: row.card_count, capMinor: row.cap_minor },
  sites: row.sites.map((siteId) => ({ siteId, label: labels.get(siteId) ?? siteId })),
  ...{ issuedAtS: row.issued_at_s, notAfterS: row.not_after_s },
  ...sumsOf(cards, row.cap_minor),
})

/** What the next batch can be made of. */
export const batchTerms = (cloud: Cloud, fleetId: string) =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const sites = await tx
      .selectFrom('sites as s')
      .leftJoin('chargers as c', (join) =>
        join.onRef('c.tenant', '=', 's.tenant').onRef('c.site_id', '=', 's.site_id'),
      )
      .select(['s.site_id', 's.label'])
      .select(({ fn }) => fn.count<number>('c.charger_id').as('controllers'))
      .where('s.tenant', '=', tenant)
      .groupBy(['s.tenant', 's.site_id', 's.label', 's.place'])
      .orderBy('s.place')
      .orderBy('s.label')
      .orderBy('s.site_id')
      .limit(sitesMax)
      .execute()
    return ok({
      freeMinor: freeOf(await positionOf(cloud, tx, fleetId)),
      capMostMinor: wholeUnits(voucherLimits.capMost, currency),
      ...{ countMost: voucherLimits.countMost, daysMost: voucherLimits.daysMost },
      // Several controllers cannot know what the others have sold to a card, and refuse it (hold.site-reserve).
      sites: sites.map(({ site_id: siteId, label, controllers }) => ({
        ...{ siteId, label, takesCards: controllers === 1 },
      })),
    })
  })

const sitesMax = 1_000

const placeOf = (row: FleetCardBatchRow): string => toBase64Url(utf8(`${row.issued_at_s} ${row.batch_id}`))

function readPlace(text: string): { readonly issuedAtS: number; readonly batchId: string } | undefined {
  const bytes = fromBase64Url(text)
  const parts =
    bytes === undefined ? null : /^(\d{1,15}) ([0-9a-f]{32})$/.exec(new TextDecoder().decode(bytes))
  const [, issuedAtS, batchId] = parts ?? []
  return issuedAtS === undefined || batchId === undefined
    ? undefined
    : { issuedAtS: Number(issuedAtS), batchId }
}
