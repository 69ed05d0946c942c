/**
 * Grants come to an end by their holder's word and go on in the next; permits, printed cards, tokens for certain
 * sites; and a charger may have several certificates for one key. All but the tokens are written once.
 */

import { distributed, tenantTables, type Migration } from './migration'

export const closesPermitsVouchers: Migration = {
  id: '0009-closes-permits-vouchers',
  sql: `
    alter table grants add column root_serial text;
    create index grants_root on grants (tenant, root_serial) where root_serial is not null;
    alter table fleet_tokens add column sites text[] not null default '{}';
    alter table charger_certificates drop constraint charger_certificates_pkey;
    alter table charger_certificates add primary key (tenant, charger_id, key, not_before_s);
    create index revoked_grants_live on revoked_grants (tenant, not_after_s);

    create table grant_closes (
      tenant text not null,
      serial text not null,
      last_seq integer not null check (last_seq >= 0),
      head text not null,
      bytes bytea not null,
      next_serial text not null,
      closed_at_s bigint not null,
      primary key (tenant, serial),
      unique (tenant, next_serial)
    );
    create table permits (
      tenant text not null,
      permit_id text not null,
      verdict text not null check (verdict in ('veto','raise')),
      session_id text,
      serial text,
      charger_id text,
      maximum_minor bigint check (maximum_minor > 0),
      author text not null,
      issued_at_s bigint not null,
      not_after_s bigint not null,
      bytes bytea not null,
      primary key (tenant, permit_id),
      check ((session_id is null) <> (serial is null)),
      check ((verdict = 'raise') = (maximum_minor is not null)),
      check (verdict <> 'raise' or (serial is not null and charger_id is not null))
    );
    create index permits_live on permits (tenant, not_after_s);
    create index permits_serial on permits (tenant, serial) where serial is not null;
    create index permits_session on permits (tenant, session_id) where session_id is not null;
    create table vouchers (
      tenant text not null,
      serial text not null,
      batch text not null,
      number integer not null check (number > 0),
      owner text not null,
      bearer text not null check (bearer in ('printed','rfid')),
      currency text not null,
      cap_minor bigint not null check (cap_minor > 0),
      sites text[] not null,
      not_after_s bigint not null,
      issued_at_s bigint not null,
      hash text not null,
      bytes bytea not null,
      primary key (tenant, serial),
      unique (tenant, batch, number),
      unique (tenant, hash)
    );
    ${['grant_closes', 'permits', 'vouchers'].map(distributed).join('\n')}
    alter table grant_closes add constraint grant_closes_grant
      foreign key (tenant, serial) references grants (tenant, serial);
    alter table grant_closes add constraint grant_closes_next
      foreign key (tenant, next_serial) references grants (tenant, serial);
    ${tenantTables({
      grant_closes: 'select, insert',
      permits: 'select, insert',
      vouchers: 'select, insert',
    })}
  `,
}
