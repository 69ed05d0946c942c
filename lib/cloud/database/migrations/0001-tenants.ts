/** The application's role, and the operators whose books are kept here. */

import { tenantTables, type Migration } from './migration'

export const tenants: Migration = {
  id: '0001-tenants',
  // Roles belong to the whole server, so another database's migration may create it at the same moment.
  sql: `
    do $$ begin
      if not exists (select from pg_roles where rolname = 'outpost_app') then
        create role outpost_app nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$;
    grant outpost_app to current_user;
    grant usage on schema public to outpost_app;
    grant select on outpost_migrations to outpost_app;

    create table tenants (
      tenant text primary key,
      name text not null,
      currency text not null,
      revocation_epoch bigint not null default 0 check (revocation_epoch >= 0),
      policy_epoch bigint not null default 0 check (policy_epoch >= 0),
      trust_sequence bigint not null default 0 check (trust_sequence >= 0),
      created_at timestamptz not null default now()
    );
    ${tenantTables({ tenants: 'select, insert, update' })}
  `,
}
