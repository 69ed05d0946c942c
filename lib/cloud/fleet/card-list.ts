/** A fleet's cards for readers: what is left on each, and how many of its chargers have heard what counts now. */

import { grantSerial } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { reserveAccount } from '../ledger/accounts'
import { balancesOf } from '../ledger/queries'
import { heardOf } from '../printed-cards/news-rule'
import { chargersOfSites, labelsOfSites } from '../printed-cards/site-chargers'
import { listedAt, type HeldList } from './card-news'

export interface FleetCard {
  readonly cardId: string
  readonly label: string
  readonly type: string
  /** The last characters of its number: enough to tell it in the hand, too little to copy it. */
  readonly tokenEnd: string
  readonly state: 'live' | 'spent' | 'expired' | 'revoked'
  readonly capMinor: number
  readonly leftMinor: number
  readonly sites: readonly { readonly siteId: string; readonly label: string }[]
  readonly issuedAtS: number
  readonly notAfterS: number
  /** Of a card that was withdrawn, while something is left on it. */
  readonly returnsAtS: number | null
  /**
   * Chargers of its sites, and those that know: that a live card is good, that a withdrawn one is not. Null where nobody
   * needs to hear anything, because it is used up or has run out.
   */
  readonly news: { readonly chargers: number; readonly heard: number } | null
}

const cardsShownMax = 1_000
const tokenEndChars = 4

export async function cardsOf(cloud: Cloud, fleetId: string): Promise<Result<readonly FleetCard[], Refusal>> {
  const { tenant, currency } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const rows = await cardRows(tx, tenant, fleetId)
    const accounts = rows.map(({ serial }) => reserveAccount(grantSerial(serial)))
    const balances = await balancesOf(tx, tenant, accounts, currency)
    const sites = [...new Set(rows.flatMap((row) => row.sites))]
    const labels = await labelsOfSites(cloud, tx, sites)
    const chargers = await chargersOfSites(cloud, tx, sites)
    const lists = await listsHeld(tx, tenant, sites)
    const nowS = cloud.clock.nowS()
    return ok(
      rows.map((row): FleetCard => {
        const leftMinor = balances.get(reserveAccount(grantSerial(row.serial)))?.availableMinor ?? 0
        const state = stateOf(row, leftMinor, nowS)
        return {
          ...{ cardId: row.serial, label: row.label, type: row.token_type, state, leftMinor },
          sites: row.sites.map((siteId) => ({ siteId, label: labels.get(siteId) ?? siteId })),
          tokenEnd: row.token.slice(-tokenEndChars),
          ...{ capMinor: row.cap_minor, issuedAtS: row.issued_at_s, notAfterS: row.not_after_s },
          returnsAtS: state === 'revoked' && leftMinor > 0 ? row.release_after_s : null,
          news:
            state === 'live'
              ? listedAt(row, chargers, lists)
              : state === 'revoked' && row.epoch !== null && row.not_after_s > nowS
                ? heardOf(
                    {
                      ...{ epoch: row.epoch, sinceS: row.revoked_at_s ?? 0 },
                      ...{ sites: row.sites, notAfterS: row.not_after_s },
                    },
                    chargers,
                  )
                : null,
        }
      }),
    )
  })
}

const cardRows = (tx: TenantTransaction, tenant: string, fleetId: string) =>
  tx
    .selectFrom('fleet_cards as c')
    .innerJoin('vouchers as v', (join) =>
      join.onRef('v.tenant', '=', 'c.tenant').onRef('v.serial', '=', 'c.serial'),
    )
    .innerJoin('reserves as x', (join) =>
      join.onRef('x.tenant', '=', 'c.tenant').onRef('x.serial', '=', 'c.serial'),
    )
    .leftJoin('revoked_grants as r', (join) =>
      join.onRef('r.tenant', '=', 'c.tenant').onRef('r.serial', '=', 'c.serial'),
    )
    .select(['c.serial', 'c.label', 'c.token_type', 'c.token', 'c.issued_at_s', 'c.revoked_at_s'])
    .select(['v.cap_minor', 'v.sites', 'v.not_after_s', 'x.release_after_s', 'r.epoch'])
    .where('c.tenant', '=', tenant)
    .where('c.fleet_id', '=', fleetId)
    .orderBy('c.issued_at_s', 'desc')
    .orderBy('c.serial')
    .limit(cardsShownMax)
    .execute()

async function listsHeld(
  tx: TenantTransaction,
  tenant: string,
  sites: readonly string[],
): Promise<readonly HeldList[]> {
  if (sites.length === 0) return []
  const rows = await tx
    .selectFrom('local_lists as l')
    .innerJoin('chargers as c', (join) =>
      join.onRef('c.tenant', '=', 'l.tenant').onRef('c.site_id', '=', 'l.site_id'),
    )
    .innerJoin('local_list_holders as h', (join) =>
      join.onRef('h.tenant', '=', 'c.tenant').onRef('h.charger_id', '=', 'c.charger_id'),
    )
    .select(['h.charger_id', 'h.version as held', 'l.version', 'l.issued_at_s'])
    .where('l.tenant', '=', tenant)
    .where('l.site_id', 'in', [...sites])
    .execute()
  return rows.map((row) => ({
    ...{ chargerId: row.charger_id, isNewest: row.held >= row.version, issuedAtS: row.issued_at_s },
  }))
}

function stateOf(
  row: { readonly revoked_at_s: number | null; readonly not_after_s: number },
  leftMinor: number,
  nowS: number,
): FleetCard['state'] {
  if (row.revoked_at_s !== null) return 'revoked'
  if (row.not_after_s <= nowS) return 'expired'
  return leftMinor <= 0 ? 'spent' : 'live'
}
