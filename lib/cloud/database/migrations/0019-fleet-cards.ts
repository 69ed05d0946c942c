/**
 * Cards that fleets give out, each a voucher and the number that a reader reads; what every site was last told of them;
 * and which charger holds what.
 */

import { distributed, tenantTables, type Migration } from './migration'

export const fleetCards: Migration = {
  id: '0019-fleet-cards',
  sql: `
    create table fleet_cards (
      tenant text not null,
      serial text not null,
      fleet_id text not null,
      idempotency_key text not null,
      label text not null check (char_length(label) between 1 and 60),
      token_type text not null,
      token text not null,
      -- Without dashes, in capitals: however it is written, it is one card.
      token_key text not null,
      session_cap_minor bigint check (session_cap_minor > 0),
      card_group text,
      contracts text[] not null,
      issued_at_s bigint not null,
      revoked_at_s bigint,
      primary key (tenant, serial),
      unique (tenant, fleet_id, idempotency_key)
    );
    create unique index fleet_cards_live on fleet_cards (tenant, token_key) where revoked_at_s is null;
    create table local_lists (
      tenant text not null,
      site_id text not null,
      version bigint not null,
      digest text not null,
      cards integer not null,
      issued_at_s bigint not null,
      not_after_s bigint not null,
      parts bytea not null,
      primary key (tenant, site_id)
    );
    create table local_list_holders (
      tenant text not null,
      charger_id text not null,
      log_epoch bigint not null,
      version bigint not null,
      cards integer not null,
      heard_at_s bigint not null,
      primary key (tenant, charger_id)
    );
    ${['fleet_cards', 'local_lists', 'local_list_holders'].map(distributed).join('\n')}
    alter table fleet_cards add foreign key (tenant, serial) references vouchers (tenant, serial);
    ${tenantTables({
      fleet_cards: 'select, insert, update',
      local_lists: 'select, insert, update',
      local_list_holders: 'select, insert, update',
    })}
    create policy own_organisation on fleet_cards as restrictive for all
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or fleet_id = current_setting('app.organisation', true));
  `,
}
