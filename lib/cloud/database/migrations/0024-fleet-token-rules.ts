/** More rules of fleets' tokens, whose they are, and how far each charger has come in the revocations. */

import { distributed, tenantTables, type Migration } from './migration'

export const fleetTokenRules: Migration = {
  id: '0024-fleet-token-rules',
  sql: `
    alter table fleet_tokens
      add column month_limit_minor bigint not null default 0 check (month_limit_minor >= 0),
      add column from_minute integer not null default 0 check (from_minute between 0 and 1439),
      add column to_minute integer not null default 0 check (to_minute between 0 and 1439),
      add column connector_power_max_w bigint check (connector_power_max_w > 0),
      add column vehicle_class integer not null default 0 check (vehicle_class between 0 and 15),
      add column driver_id text,
      add column vehicle_id text,
      add column rules_changed_at_s bigint,
      add column renewal_key text;
    create index fleet_tokens_newest on fleet_tokens (tenant, fleet_id, issued_at_s desc, token_id);
    create index fleet_tokens_serial on fleet_tokens (tenant, serial);
    create table revocation_holders (
      tenant text not null,
      charger_id text not null,
      log_epoch bigint not null,
      revocation_epoch bigint not null,
      heard_at_s bigint not null,
      primary key (tenant, charger_id)
    );
    ${distributed('revocation_holders')}
    ${tenantTables({ revocation_holders: 'select, insert, update' })}
  `,
}
