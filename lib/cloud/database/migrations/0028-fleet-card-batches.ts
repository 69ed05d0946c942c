/** Batches of printed cards that fleets have made. The cards are vouchers; what a batch is was settled when it was made. */

import { distributed, tenantTables, type Migration } from './migration'

export const fleetCardBatches: Migration = {
  id: '0028-fleet-card-batches',
  sql: `
    create table fleet_card_batches (
      tenant text not null,
      batch_id text not null,
      fleet_id text not null,
      idempotency_key text not null,
      -- By which its vouchers name it.
      voucher_batch text not null,
      name text not null check (char_length(name) between 1 and 60),
      card_count integer not null check (card_count between 1 and 200),
      currency text not null,
      cap_minor bigint not null check (cap_minor > 0),
      sites text[] not null,
      issued_at_s bigint not null,
      not_after_s bigint not null,
      author text not null,
      primary key (tenant, batch_id),
      unique (tenant, voucher_batch),
      unique (tenant, fleet_id, idempotency_key)
    );
    create index fleet_card_batches_newest on fleet_card_batches (tenant, fleet_id, issued_at_s desc, batch_id);
    ${distributed('fleet_card_batches')}
    alter table fleet_card_batches add foreign key (tenant, fleet_id) references fleets (tenant, fleet_id);
    ${tenantTables({ fleet_card_batches: 'select, insert' })}
    create policy own_organisation on fleet_card_batches as restrictive for all
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or fleet_id = current_setting('app.organisation', true));
  `,
}
