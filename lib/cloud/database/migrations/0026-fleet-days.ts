/**
 * Sums of fleets' sessions for consoles, and the indexes that keep them up to date: which sessions changed since, and which
 * still hold money. Sessions of drivers' own wallets stand in neither.
 */

import { distributed, tenantTables, type Migration } from './migration'

const ownFleet = (table: string): string => `
    create policy own_organisation on ${table} as restrictive for all
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or fleet_id = current_setting('app.organisation', true));`

const tables = ['fleet_counts', 'fleet_days', 'fleet_grant_months'] as const

export const fleetDays: Migration = {
  id: '0026-fleet-days',
  sql: `
    create table fleet_counts (
      tenant text not null,
      fleet_id text not null,
      counted_at_s bigint not null,
      primary key (tenant, fleet_id)
    );
    create table fleet_days (
      tenant text not null,
      fleet_id text not null,
      day_s bigint not null check (day_s % 86400 = 0),
      sessions bigint not null check (sessions > 0),
      energy_wh bigint not null,
      cost_minor bigint not null,
      answered bigint not null,
      at_first bigint not null,
      declined bigint not null,
      primary key (tenant, fleet_id, day_s)
    );
    create table fleet_grant_months (
      tenant text not null,
      fleet_id text not null,
      month_s bigint not null,
      serial text not null,
      sessions bigint not null check (sessions > 0),
      energy_wh bigint not null,
      cost_minor bigint not null,
      primary key (tenant, fleet_id, month_s, serial)
    );
    ${tables.map(distributed).join('\n')}
    create index charging_sessions_changed on charging_sessions (tenant, owner, updated_at_s)
      where owner like 'fleet:%';
    create index charging_sessions_held on charging_sessions (tenant, owner, authorized_at_s)
      where hold_state = 'open' and owner like 'fleet:%';
    ${tenantTables(Object.fromEntries(tables.map((table) => [table, 'select, insert, update'])))}
    ${tables.map(ownFleet).join('\n')}
  `,
}
