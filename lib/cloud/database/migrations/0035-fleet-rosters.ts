/** Drivers and vehicles of fleets, and the imports that brought them. Their names stand here and in no token or log. */

import { distributed, tenantTables, type Migration } from './migration'

const tables = ['fleet_drivers', 'fleet_vehicles', 'fleet_imports', 'fleet_import_rows'] as const

const ownOrganisation = (table: string): string => `
    create policy own_organisation on ${table} as restrictive for all
      using (case coalesce(current_setting('app.organisation', true), '') when '' then true
        else fleet_id = current_setting('app.organisation', true) end);`

export const fleetRosters: Migration = {
  id: '0035-fleet-rosters',
  sql: `
    create table fleet_drivers (
      tenant text not null,
      driver_id text not null,
      fleet_id text not null,
      idempotency_key text,
      name text not null check (char_length(name) between 1 and 60),
      reference text check (char_length(reference) between 1 and 40),
      email text check (char_length(email) between 3 and 254),
      match_key text,
      version integer not null default 1,
      created_at_s bigint not null,
      removed_at_s bigint,
      primary key (tenant, driver_id)
    );
    create table fleet_vehicles (
      tenant text not null,
      vehicle_id text not null,
      fleet_id text not null,
      idempotency_key text,
      plate text not null check (char_length(plate) between 1 and 20),
      name text check (char_length(name) between 1 and 60),
      vehicle_class smallint not null check (vehicle_class between 0 and 15),
      match_key text not null,
      version integer not null default 1,
      created_at_s bigint not null,
      removed_at_s bigint,
      primary key (tenant, vehicle_id)
    );
    create table fleet_imports (
      tenant text not null,
      import_id text not null,
      fleet_id text not null,
      idempotency_key text not null,
      kind text not null check (kind in ('drivers', 'vehicles')),
      at_s bigint not null,
      author text not null,
      added integer not null,
      changed integer not null,
      same integer not null,
      refused integer not null,
      refused_csv text not null,
      undone_at_s bigint,
      primary key (tenant, import_id),
      unique (tenant, fleet_id, idempotency_key)
    );
    create index fleet_imports_newest on fleet_imports (tenant, fleet_id, at_s desc, import_id);
    create table fleet_import_rows (
      tenant text not null,
      import_id text not null,
      row_id text not null,
      fleet_id text not null,
      version integer not null,
      before jsonb,
      primary key (tenant, import_id, row_id)
    );
    ${['driver', 'vehicle']
      .map(
        (one) => `
    create unique index fleet_${one}s_matched on fleet_${one}s (tenant, fleet_id, match_key)
      where removed_at_s is null and match_key is not null;
    create unique index fleet_${one}s_once on fleet_${one}s (tenant, fleet_id, idempotency_key)
      where idempotency_key is not null;
    create index fleet_${one}s_named on fleet_${one}s
      (tenant, fleet_id, lower(${one === 'driver' ? 'name' : 'plate'}), ${one}_id);
    create index fleet_tokens_${one} on fleet_tokens (tenant, fleet_id, ${one}_id) where ${one}_id is not null;`,
      )
      .join('')}
    ${tables.map(distributed).join('\n')}
    ${tables
      .map(
        (table) =>
          `alter table ${table} add foreign key (tenant, fleet_id) references fleets (tenant, fleet_id);`,
      )
      .join('\n')}
    ${tenantTables({
      fleet_drivers: 'select, insert, update, delete',
      fleet_vehicles: 'select, insert, update, delete',
      fleet_imports: 'select, insert, update',
      fleet_import_rows: 'select, insert',
    })}
    ${tables.map(ownOrganisation).join('')}
  `,
}
