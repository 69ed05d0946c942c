/** The role that forgets may forget whom a fleet took off its lists long ago, and what its imports left behind. */

import type { Migration } from './migration'

export const rosterForgetting: Migration = {
  id: '0041-roster-forgetting',
  sql: `
    grant select, delete on fleet_drivers, fleet_vehicles, fleet_import_rows to outpost_retention;
    grant select, update on fleet_imports to outpost_retention;
    alter table fleet_imports add column forgotten_at_s bigint;
    create index fleet_imports_unforgotten on fleet_imports (tenant, at_s) where forgotten_at_s is null;
    create index fleet_drivers_removed on fleet_drivers (tenant, removed_at_s) where removed_at_s is not null;
    create index fleet_vehicles_removed on fleet_vehicles (tenant, removed_at_s) where removed_at_s is not null;
  `,
}
