/**
 * Where sites lie, so that drivers can choose them before a journey; and grants that are given back for good, which no
 * other grant follows. Nothing that stood before changes its meaning.
 */

import type { Migration } from './migration'

export const trips: Migration = {
  id: '0011-trips',
  sql: `
    alter table sites add column latitude_e5 integer check (latitude_e5 between -9000000 and 9000000);
    alter table sites add column longitude_e5 integer check (longitude_e5 between -18000000 and 18000000);
    alter table sites add column place integer;
    alter table sites add constraint sites_whole_position
      check ((latitude_e5 is null) = (longitude_e5 is null));
    alter table grant_closes alter column next_serial drop not null;
  `,
}
