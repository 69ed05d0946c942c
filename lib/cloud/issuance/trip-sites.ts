/** The operator's sites as drivers choose them before a journey, and where the operator says that they lie. */

import { sql } from 'kysely'
import type { SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { TripSite, TripSitesResponse } from '../api-types/trips'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'

/** One answer names them all: a phone searches and measures without us. */
export async function tripSites(cloud: Cloud): Promise<TripSitesResponse> {
  const { tenant } = cloud.config
  const { rows } = await inTenant(cloud.db, tenant, (tx) =>
    sql<{
      site_id: string
      label: string
      latitude_e5: number | null
      longitude_e5: number | null
      chargers: number
    }>`
      select s.site_id, s.label, s.latitude_e5, s.longitude_e5, count(c.charger_id) as chargers
      from sites s
      left join chargers c on c.tenant = ${tenant} and c.site_id = s.site_id
      where s.tenant = ${tenant}
      group by s.site_id, s.label, s.latitude_e5, s.longitude_e5, s.place
      order by s.place nulls last, s.label, s.site_id
      limit ${limits.sitesKeptMax}`.execute(tx),
  )
  return { sites: rows.map(toSite), nowS: cloud.clock.nowS() }
}

const toSite = (row: {
  readonly site_id: string
  readonly label: string
  readonly latitude_e5: number | null
  readonly longitude_e5: number | null
  readonly chargers: number
}): TripSite => ({
  siteId: row.site_id,
  label: row.label,
  position:
    row.latitude_e5 === null || row.longitude_e5 === null
      ? null
      : { latitudeE5: row.latitude_e5, longitudeE5: row.longitude_e5 },
  chargers: Number(row.chargers),
  // Its own journal is the book then; certificates say the same to phones at the charger.
  keepsReserve: Number(row.chargers) === 1,
})

export interface SitePlace {
  readonly siteId: SiteId
  readonly label: string
  readonly latitudeE5: number
  readonly longitudeE5: number
}

/** Says where sites lie, in the operator's own order, as along a road; makes known what was not. Safe to repeat. */
export async function placeSites(cloud: Cloud, sites: readonly SitePlace[]): Promise<void> {
  const { tenant } = cloud.config
  const rows = sites.map(({ siteId, label, latitudeE5, longitudeE5 }, place) => ({
    tenant,
    site_id: siteId,
    label,
    latitude_e5: latitudeE5,
    longitude_e5: longitudeE5,
    place,
  }))
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .insertInto('sites')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'site_id']).doUpdateSet(({ ref }) => ({
          latitude_e5: ref('excluded.latitude_e5'),
          longitude_e5: ref('excluded.longitude_e5'),
          place: ref('excluded.place'),
        })),
      )
      .execute(),
  )
}
