/** Bundles that came before the ones that they follow wait as they are until the gap before them is filled. */

import { distributed, tenantTables, type Migration } from './migration'

export const earlyPieces: Migration = {
  id: '0036-early-pieces',
  sql: `
    alter table device_logs add column early_count integer not null default 0 check (early_count >= 0);

    create table early_pieces (
      tenant text not null,
      device text not null,
      epoch bigint not null,
      first_seq bigint not null,
      end_seq bigint not null check (end_seq > first_seq),
      root text not null,
      bytes bytea not null,
      received_at_s bigint not null,
      primary key (tenant, device, epoch, first_seq, end_seq, root)
    );
    ${distributed('early_pieces')}
    ${tenantTables({ early_pieces: 'select, insert, delete' })}
  `,
}
