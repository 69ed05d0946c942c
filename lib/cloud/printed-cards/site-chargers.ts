/** The chargers that could sell to a card: those of its sites with a certificate that has not run out. */

import { sql } from 'kysely'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { SiteCharger } from './news-rule'

const chargersMax = 5_000

export async function chargersOfSites(
  { config, clock }: Cloud,
  tx: TenantTransaction,
  sites: readonly string[],
): Promise<readonly SiteCharger[]> {
  const { tenant } = config
  if (sites.length === 0) return []
  const { rows } = await sql<ChargerRow>`
    select c.charger_id, c.site_id, c.bay_label, c.created_at_s, s.label, h.revocation_epoch, h.heard_at_s
    from chargers c
    join sites s on s.tenant = c.tenant and s.site_id = c.site_id
    left join revocation_holders h on h.tenant = c.tenant and h.charger_id = c.charger_id
    where c.tenant = ${tenant} and c.site_id = any(${[...new Set(sites)]}::text[]) and exists (
      select from charger_certificates k where k.tenant = c.tenant and k.charger_id = c.charger_id
        and k.not_after_s > ${clock.nowS()}::bigint)
    order by c.charger_id limit ${chargersMax}`.execute(tx)
  return rows.map((row) => ({
    ...{ chargerId: row.charger_id, siteId: row.site_id, siteLabel: row.label, bayLabel: row.bay_label },
    ...{ heldEpoch: row.revocation_epoch ?? 0, inTouchAtS: row.heard_at_s, createdAtS: row.created_at_s },
  }))
}

interface ChargerRow {
  charger_id: string
  site_id: string
  bay_label: string
  created_at_s: number
  label: string
  revocation_epoch: number | null
  heard_at_s: number | null
}

/** What the operator calls these sites; one that it no longer has is called by its id. */
export async function labelsOfSites(
  { config }: Cloud,
  tx: TenantTransaction,
  sites: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (sites.length === 0) return new Map()
  const rows = await tx
    .selectFrom('sites')
    .select(['site_id', 'label'])
    .where('tenant', '=', config.tenant)
    .where('site_id', 'in', [...new Set(sites)])
    .execute()
  const labels = new Map(rows.map(({ site_id: site, label }) => [site, label]))
  return new Map(sites.map((site) => [site, labels.get(site) ?? site]))
}
