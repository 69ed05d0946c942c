/**
 * Where a database stands, and which region each tenant named for its data. The key between the two is what keeps the rows of
 * a tenant out of a database of another region: nothing of a tenant can be written before the tenant itself.
 */

import type { Migration } from './migration'

export const regions: Migration = {
  id: '0040-regions',
  sql: `
    create table regions_here (
      one smallint primary key check (one = 0),
      region text not null unique check (region ~ '^[a-z0-9][a-z0-9-]{1,30}$')
    );
    do $$ begin
      if exists (select from pg_extension where extname = 'citus') then
        if exists (select from pg_dist_partition where logicalrelid = 'tenants'::regclass) then
          perform create_reference_table('regions_here');
        end if;
      end if;
    end $$;
    grant select on regions_here to outpost_app;
    alter table tenants add column region text;
    alter table tenants add constraint tenants_region_here foreign key (region) references regions_here (region);
  `,
}
