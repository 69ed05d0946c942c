/** Passes for technicians: invited under a one-time code, then signed once for the key of the phone that brought it. */

import { distributed, tenantTables, type Migration } from './migration'

export const technicianPasses: Migration = {
  id: '0018-technician-passes',
  sql: `
    create table technician_passes (
      tenant text not null,
      serial text not null,
      holder text not null check (char_length(holder) between 1 and 60),
      sites text[] not null,
      rights integer not null check (rights between 1 and 255),
      days integer not null check (days between 1 and 366),
      code_hash text not null,
      invited_at_s bigint not null,
      code_expires_at_s bigint not null,
      device_key text,
      issued_at_s bigint,
      not_after_s bigint,
      bytes bytea,
      primary key (tenant, serial),
      unique (tenant, code_hash),
      check ((device_key is null) = (bytes is null)),
      check ((device_key is null) = (not_after_s is null))
    );
    ${distributed('technician_passes')}
    ${tenantTables({ technician_passes: 'select, insert, update' })}
  `,
}
