/**
 * A fleet with as many drivers and sessions as the console has to bear, written by the database itself: what a year of
 * settled sessions leaves in the tables and in the books. The sums of the accounts come from the sessions and not from the
 * transfers, so that the proof of the ledger afterwards can fail.
 */

import pg from 'pg'
import { toHex } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { foundOrganisation } from '@/lib/cloud/organisations/commands'

export interface FleetSize {
  readonly drivers: number
  readonly sessions: number
}

const yearS = 365 * 86_400
/** One session in so many is still open. */
const openEvery = 2_000
/** People once looked at one in so many, and still look at a fifth of those. */
const caseEvery = 400
const driversPerVehicle = 5
/** For so many of the fleet's there is one of somebody else. */
const othersEvery = 10
const chargers = 200
const sites = 40

/** Gives the fleet's id. */
export async function loadFleet(cloud: Cloud, adminUrl: string, size: FleetSize): Promise<string> {
  const { tenant } = cloud.config
  const accountId = toHex(cloud.random.bytes(16))
  const account = { tenant, account_id: accountId, created_at_s: cloud.clock.nowS() }
  await inTenant(cloud.db, tenant, (tx) => tx.insertInto('accounts').values(account).execute())
  const founder = { accountId, name: 'Bench Owner', email: 'owner@bench.example' }
  const order = { founder, name: 'Bench fleet', kind: 'fleet' } as const
  const { organisationId } = expectOk(await foundOrganisation(cloud, order), 'fleet')
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    for (const statement of statements(tenant, organisationId, cloud.clock.nowS(), size))
      await client.query(statement)
  } finally {
    await client.end()
  }
  return organisationId
}

/** Ids and figures follow from numbers, so that two runs load the same. */
function statements(tenant: string, fleet: string, nowS: number, { drivers, sessions }: FleetSize): string[] {
  const of = pg.escapeLiteral(tenant)
  const owner = pg.escapeLiteral(`fleet:${fleet}`)
  const serialOf = (number: string): string => `substr(md5('grant ' || ${number}), 1, 16)`
  const driverId = (number: string): string => `md5('driver ' || ${number})`
  const vehicleId = (number: string): string => `md5('vehicle ' || ${number})`
  const vehicles = Math.ceil(drivers / driversPerVehicle)
  const startS = nowS - yearS
  return [
    `insert into sites (tenant, site_id, label)
      select ${of}, 'b' || i, 'Site ' || i from generate_series(0, ${sites - 1}) i`,
    `insert into chargers (tenant, charger_id, site_id, bay_label, created_at_s)
      select ${of}, 'BEN-' || i, 'b' || i % ${sites}, 'Bay ' || i / ${sites} + 1, ${startS}
      from generate_series(0, ${chargers - 1}) i`,
    `insert into device_logs (tenant, device, epoch, size, frontier, root, checkpoint_at_s, updated_at_s)
      select ${of}, 'BEN-' || i, 1, 1, array[]::bytea[], '', ${nowS} - i * 60, ${nowS} - i * 60
      from generate_series(0, ${chargers - 1}) i`,
    `insert into fleet_drivers (tenant, driver_id, fleet_id, name, reference, match_key, created_at_s)
      select ${of}, ${driverId('i')}, ${pg.escapeLiteral(fleet)}, 'Driver ' || i, 'P-' || i, 'p-' || i, ${startS}
      from generate_series(0, ${drivers - 1}) i`,
    `insert into fleet_vehicles (tenant, vehicle_id, fleet_id, plate, vehicle_class, match_key, created_at_s)
      select ${of}, ${vehicleId('i')}, ${pg.escapeLiteral(fleet)}, 'BE ' || i, 3, 'be' || i, ${startS}
      from generate_series(0, ${vehicles - 1}) i`,
    `insert into fleet_tokens (tenant, token_id, fleet_id, idempotency_key, serial, driver_name, claim_hash, cap_minor,
        session_cap_minor, daily_limit_minor, month_limit_minor, sites, issued_at_s, expires_at_s, claimed_at_s, driver_id,
        vehicle_id)
      select ${of}, md5('token ' || i), ${pg.escapeLiteral(fleet)}, 'bench-' || i, ${serialOf('i')}, 'Driver ' || i,
        md5('claim ' || i), 10000000, 8000, 0, 30000, '{}', ${startS}, ${nowS + yearS}, ${startS}, ${driverId('i')},
        ${vehicleId(`i % ${vehicles}`)}
      from generate_series(0, ${drivers - 1}) i`,
    `insert into grants (tenant, serial, owner, device_key, currency, cap_minor, spends_max, not_after_s, issued_at_s, bytes)
      select ${of}, ${serialOf('i')}, ${owner}, md5('key ' || i), 'EUR', 10000000, 1000000, ${nowS + yearS}, ${startS}, ''
      from generate_series(0, ${drivers - 1}) i`,
    `insert into reserves (tenant, serial, owner, currency, release_after_s, released_at_s)
      select ${of}, ${serialOf('i')}, ${owner}, 'EUR', ${nowS + 2 * yearS}, null from generate_series(0, ${drivers - 1}) i`,
    // Every hundredth was declined: settled, without energy and without cost.
    `insert into charging_sessions (tenant, session_id, serial, owner, seq, gross_minor, hold_minor, currency,
        authorized_at_s, charger_id, site_label, bay_label, state, hold_state, posted_minor, posted_tax_minor, energy_wh,
        by_phone, by_charger, updated_at_s, receipt_counter)
      select ${of}, md5('session ' || i), ${serialOf(`i % ${drivers}`)}, ${owner}, i / ${drivers}, 5000, 5000, 'EUR',
        ${startS} + (i::bigint * ${yearS} / ${sessions}), 'BEN-' || i % ${chargers}, 'Site ' || i % ${sites},
        'Bay ' || i % ${chargers} / ${sites} + 1,
        case when is_open then 'seen' else 'settled' end, case when is_open then 'open' else 'resolved' end,
        case when is_open then null when is_declined then 0 else 200 + i * 7919 % 3000 end,
        case when is_open or is_declined then 0 else (200 + i * 7919 % 3000) / 6 end,
        case when is_open or is_declined then null else (200 + i * 7919 % 3000) * 20 end,
        i % 2 = 0, not is_open, ${startS} + (i::bigint * ${yearS} / ${sessions}) + 3600,
        case when is_open or is_declined then null else i / ${chargers} + 1 end
      from generate_series(0::bigint, ${sessions - 1}) i,
        lateral (select i % ${openEvery} = ${openEvery - 1} as is_open, i % 100 = 7 as is_declined) as kind`,
    // Drivers with wallets of their own charge at the same chargers; what they pay is nothing here.
    `insert into charging_sessions (tenant, session_id, serial, owner, seq, gross_minor, hold_minor, currency,
        authorized_at_s, charger_id, site_label, bay_label, state, hold_state, posted_minor, energy_wh, by_phone, by_charger,
        updated_at_s)
      select ${of}, md5('other ' || i), substr(md5('other grant ' || i % 300), 1, 16), 'wallet:' || md5('other ' || i % 300),
        i / 300, 5000, 5000, 'EUR', ${startS} + (i::bigint * ${othersEvery * yearS} / ${sessions}), 'BEN-' || i % ${chargers},
        'Site ' || i % ${sites}, 'Bay', 'settled', 'resolved', 0, 9000, true, true,
        ${startS} + (i::bigint * ${othersEvery * yearS} / ${sessions})
      from generate_series(0, ${Math.floor(sessions / othersEvery)}) i`,
    `insert into cases (tenant, case_id, kind, code, session_id, facts, state, opened_at_s, root_id, verdict, updated_at_s)
      select ${of}, md5('case ' || i), 'dispute', 'driver', md5('session ' || i * ${caseEvery}), '{}',
        case when is_open then 'open' else 'decided' end, ${startS}, md5('case ' || i),
        case when is_open then null else 'dismiss' end, ${startS}
      from generate_series(0::bigint, ${Math.floor((sessions - 1) / caseEvery)}) i, lateral (select i % 5 = 0 as is_open) as kind`,
    ...bookStatements(of, owner),
    'vacuum analyze',
  ]
}

function bookStatements(of: string, owner: string): string[] {
  const rows = `charging_sessions where tenant = ${of} and owner = ${owner}`
  const transfer = `insert into ledger_transfers (tenant, reference, kind, debit, credit, currency, amount_minor, effect,
      reason, author, created_at) select ${of},`
  const written = "'bench', 'bench'"
  const toppedUp = '20000000'
  const setAside = '1000000'
  return [
    `${transfer} 'top-up ' || serial, 'top-up', 'card-clearing', ${owner}, 'EUR', ${toppedUp}, 'post', ${written}, now()
      from reserves where tenant = ${of}`,
    `${transfer} serial, 'reserve', ${owner}, 'reserve:' || serial, 'EUR', ${setAside}, 'post', ${written}, now()
      from reserves where tenant = ${of}`,
    `${transfer} session_id, 'settle', 'reserve:' || serial, 'revenue', 'EUR', posted_minor - posted_tax_minor, 'post',
      ${written}, to_timestamp(updated_at_s) from ${rows} and posted_minor > 0`,
    `${transfer} session_id, 'settle-tax', 'reserve:' || serial, 'tax', 'EUR', posted_tax_minor, 'post',
      ${written}, to_timestamp(updated_at_s) from ${rows} and posted_tax_minor > 0`,
    `${transfer} session_id, 'hold', 'reserve:' || serial, 'revenue', 'EUR', hold_minor, 'pend', ${written},
      to_timestamp(updated_at_s) from ${rows} and hold_state = 'open'`,
    `insert into ledger_accounts (tenant, account, currency, class, posted_debits, posted_credits, pending_debits)
      select ${of}, 'reserve:' || r.serial, 'EUR', 'reserve', coalesce(sum(s.posted_minor), 0), ${setAside},
        coalesce(sum(s.hold_minor) filter (where s.hold_state = 'open'), 0)
      from reserves r left join charging_sessions s on s.tenant = r.tenant and s.serial = r.serial
      where r.tenant = ${of} group by r.serial`,
    `insert into ledger_accounts (tenant, account, currency, class, posted_debits, posted_credits, pending_credits)
      select ${of}, v.account, 'EUR', split_part(v.account, ':', 1), v.debits, v.credits, v.pending
      from (select coalesce(sum(posted_minor - posted_tax_minor), 0) as net, coalesce(sum(posted_tax_minor), 0) as tax,
          coalesce(sum(hold_minor) filter (where hold_state = 'open'), 0) as held from ${rows}) s,
        (select count(*) as grants from reserves where tenant = ${of}) g,
        lateral (values ('revenue', 0, s.net, s.held), ('tax', 0, s.tax, 0),
          ('card-clearing', g.grants * ${toppedUp}, 0, 0),
          (${owner}, g.grants * ${setAside}, g.grants * ${toppedUp}, 0)) as v (account, debits, credits, pending)
      on conflict (tenant, account, currency) do update set posted_debits = excluded.posted_debits,
        posted_credits = excluded.posted_credits, pending_credits = excluded.pending_credits`,
  ]
}
