/**
 * What is missing of chargers' logs and receipts although later pieces came, and since when; and cases that end by
 * themselves when it arrives.
 */

import { distributed, tenantTables, type Migration } from './migration'

export const deviceGaps: Migration = {
  id: '0015-device-gaps',
  sql: `
    alter table cases drop constraint cases_verdict_check;
    alter table cases add constraint cases_verdict_check check (verdict in ('uphold','dismiss','resolve'));
    create index cases_charger on cases (tenant, kind, charger_id) where state <> 'decided';

    create table device_gaps (
      tenant text not null,
      device text not null,
      what text not null check (what in ('events','receipts')),
      epoch bigint not null,
      missing_from bigint not null,
      known_to bigint not null check (known_to > missing_from),
      proof bytea,
      seen_at_s bigint not null,
      filled_at_s bigint,
      primary key (tenant, device, what, epoch)
    );
    ${distributed('device_gaps')}
    create index device_gaps_standing on device_gaps (tenant, seen_at_s) where filled_at_s is null;
    ${tenantTables({ device_gaps: 'select, insert, update' })}
  `,
}
