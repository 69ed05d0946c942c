/** What the reach of a withdrawal is reckoned from: the grant on the phone, its reserve, and what chargers said they hold. */

import { sql } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import { policy as policyMessage } from '@/lib/protocol/messages/policy'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { revocationOf } from '../issuance/revocations'
import { reserveAccount } from '../ledger/accounts'
import { balanceOf } from '../ledger/queries'
import { reachOf, type Reach, type ReachCharger } from './reach-rule'
import { liveGrantOf, readTokenRow, type LiveGrant } from './token-rows'

export interface TokenReach extends Reach {
  readonly holder: 'nobody' | 'phone' | 'over'
  readonly revokedAtS: number | null
  readonly leftMinor: number
  readonly heldMinor: number
  readonly sessionCapMinor: number
  readonly endsAtS: number | null
}

/** Chargers of one operator that are looked at, and those that are named. */
const chargersMax = 5_000
const unheardMax = 100
const policiesMax = 200

export const revocationReach = (
  cloud: Cloud,
  fleetId: string,
  tokenId: string,
): Promise<Result<TokenReach, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx): Promise<Result<TokenReach, Refusal>> => {
    const token = await readTokenRow(cloud, tx, fleetId, tokenId)
    if (token === undefined) return err(refusal('api.not-found'))
    const live = await liveGrantOf(cloud, tx, token.serial)
    const isOver = live !== undefined && live.notAfterS <= cloud.clock.nowS()
    if (live === undefined || isOver)
      return ok({
        ...nothing,
        holder: isOver ? 'over' : 'nobody',
        revokedAtS: token.revoked_at_s,
        sessionCapMinor: token.session_cap_minor,
        endsAtS: live?.notAfterS ?? null,
      })
    const figures = await figuresOf(cloud, tx, live)
    const chargers = await chargersFor(cloud, tx, live, figures.sites, token.revoked_at_s)
    const grant = {
      leftMinor: figures.leftMinor,
      sessionCapMinor: figures.sessionCapMinor,
      isSiteBound: figures.sites.length > 0,
      epoch: figures.epoch,
    }
    const reach = reachOf(grant, chargers, await highestFirstSeenCap(cloud, tx))
    return ok({
      ...reach,
      unheard: reach.unheard.slice(0, unheardMax),
      holder: 'phone',
      revokedAtS: token.revoked_at_s,
      leftMinor: figures.leftMinor,
      heldMinor: figures.heldMinor,
      sessionCapMinor: figures.sessionCapMinor,
      endsAtS: live.notAfterS,
    })
  })

const nothing = {
  ...{ mostMinor: 0, strangerCapMinor: 0, chargers: 0, heard: 0, leftMinor: 0, heldMinor: 0 },
  ...{ sites: [], unheard: [] },
} as const

async function figuresOf(cloud: Cloud, tx: TenantTransaction, { serial, bytes }: LiveGrant) {
  const { tenant, currency } = cloud.config
  const parsed = parseMessage(grantMessage, bytes)
  if (!parsed.ok) throw new Error(`Grant ${serial} does not parse any more`)
  const { capMinor, sessionCapMinor, sites } = parsed.value.payload
  const { availableMinor } = await balanceOf(tx, tenant, reserveAccount(serial), currency)
  const { rows } = await sql<{ used: number; held: number }>`
    select coalesce(sum(coalesce(posted_minor, hold_minor)), 0)::bigint as used,
      coalesce(sum(hold_minor) filter (where hold_state = 'open'), 0)::bigint as held
    from charging_sessions where tenant = ${tenant} and serial = ${serial}`.execute(tx)
  const { used, held } = rows[0] ?? { used: 0, held: 0 }
  return {
    sites,
    sessionCapMinor,
    heldMinor: held,
    // The token may have more set aside than this grant may spend.
    leftMinor: Math.max(0, Math.min(availableMinor, capMinor - used)),
    epoch: (await revocationOf(cloud, tx, serial))?.epoch,
  }
}

/** Chargers that can sell at all: those with a certificate that has not run out. */
async function chargersFor(
  cloud: Cloud,
  tx: TenantTransaction,
  { serial }: LiveGrant,
  sites: readonly string[],
  revokedAtS: number | null,
): Promise<readonly ReachCharger[]> {
  const { tenant } = cloud.config
  const here = sites.length === 0 ? sql`` : sql`and c.site_id = any(${[...sites]}::text[])`
  const { rows } = await sql<ChargerFigures>`
    select c.charger_id, c.site_id, c.bay_label, c.created_at_s, s.label, h.revocation_epoch, h.heard_at_s,
      exists (select from charging_sessions x where x.tenant = ${tenant} and x.serial = ${serial}
        and x.charger_id = c.charger_id and x.state = 'settled') as is_confirmed
    from chargers c
    join sites s on s.tenant = c.tenant and s.site_id = c.site_id
    left join revocation_holders h on h.tenant = c.tenant and h.charger_id = c.charger_id
    where c.tenant = ${tenant} ${here} and exists (
      select from charger_certificates k where k.tenant = ${tenant} and k.charger_id = c.charger_id
        and k.not_after_s > ${cloud.clock.nowS()}::bigint)
    order by c.charger_id limit ${chargersMax}`.execute(tx)
  return rows.map((row) => ({
    chargerId: row.charger_id,
    siteId: row.site_id,
    siteLabel: row.label,
    bayLabel: row.bay_label,
    heldEpoch: row.revocation_epoch ?? 0,
    inTouchAtS: row.heard_at_s,
    isYounger: revokedAtS !== null && row.created_at_s > revokedAtS,
    isConfirmed: row.is_confirmed,
  }))
}

interface ChargerFigures {
  charger_id: string
  site_id: string
  bay_label: string
  created_at_s: number
  label: string
  revocation_epoch: number | null
  heard_at_s: number | null
  is_confirmed: boolean
}

/** A charger without a link may still live by any policy of the past. */
async function highestFirstSeenCap(cloud: Cloud, tx: TenantTransaction): Promise<number> {
  const rows = await tx
    .selectFrom('policies')
    .select('bytes')
    .where('tenant', '=', cloud.config.tenant)
    .orderBy('sequence', 'desc')
    .limit(policiesMax)
    .execute()
  return rows.reduce((most, { bytes }) => {
    const parsed = parseMessage(policyMessage, bytes)
    return parsed.ok ? Math.max(most, parsed.value.payload.firstSeenCapMinor) : most
  }, 0)
}
