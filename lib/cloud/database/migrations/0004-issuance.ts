/** What the issuer has signed: trust lists, policies, certificates, grants; and what it has taken back. */

import { tenantTables, type Migration } from './migration'

export const issuance: Migration = {
  id: '0004-issuance',
  sql: `
    create table trust_lists (
      tenant text not null,
      sequence bigint not null,
      root_key text not null,
      bytes bytea not null,
      primary key (tenant, sequence)
    );
    create table policies (
      tenant text not null,
      sequence bigint not null,
      bytes bytea not null,
      primary key (tenant, sequence)
    );
    create table sites (
      tenant text not null,
      site_id text not null,
      label text not null,
      primary key (tenant, site_id)
    );
    create table chargers (
      tenant text not null,
      charger_id text not null,
      site_id text not null,
      bay_label text not null,
      created_at_s bigint not null,
      primary key (tenant, charger_id),
      foreign key (tenant, site_id) references sites (tenant, site_id)
    );
    create table enrolment_codes (
      tenant text not null,
      code_hash text not null,
      charger_id text not null,
      expires_at_s bigint not null,
      used_by_key text,
      primary key (tenant, code_hash),
      foreign key (tenant, charger_id) references chargers (tenant, charger_id)
    );
    create table charger_certificates (
      tenant text not null,
      charger_id text not null,
      key text not null,
      not_before_s bigint not null,
      not_after_s bigint not null,
      bytes bytea not null,
      primary key (tenant, charger_id, key),
      foreign key (tenant, charger_id) references chargers (tenant, charger_id)
    );

    create table fleets (
      tenant text not null,
      fleet_id text not null,
      fleet_number bigint not null,
      name text not null,
      created_at_s bigint not null,
      primary key (tenant, fleet_id),
      unique (tenant, fleet_number)
    );
    create table fleet_managers (
      tenant text not null,
      fleet_id text not null,
      account_id text not null,
      primary key (tenant, fleet_id, account_id),
      foreign key (tenant, fleet_id) references fleets (tenant, fleet_id),
      foreign key (tenant, account_id) references accounts (tenant, account_id)
    );

    create table grants (
      tenant text not null,
      serial text not null,
      owner text not null,
      account_id text,
      device_key text not null,
      currency text not null,
      cap_minor bigint not null check (cap_minor > 0),
      spends_max integer not null,
      not_after_s bigint not null,
      issued_at_s bigint not null,
      bytes bytea not null,
      primary key (tenant, serial)
    );
    create index grants_owner on grants (tenant, owner, issued_at_s);
    create index grants_device on grants (tenant, device_key);

    create table reserves (
      tenant text not null,
      serial text not null,
      owner text not null,
      currency text not null,
      release_after_s bigint not null,
      released_at_s bigint,
      covered_minor bigint not null default 0 check (covered_minor >= 0),
      primary key (tenant, serial)
    );
    create index reserves_due on reserves (tenant, release_after_s) where released_at_s is null;

    create table revoked_grants (
      tenant text not null,
      serial text not null,
      epoch bigint not null,
      not_after_s bigint not null,
      reason text not null,
      revoked_at_s bigint not null,
      primary key (tenant, serial)
    );

    create table fleet_tokens (
      tenant text not null,
      token_id text not null,
      fleet_id text not null,
      idempotency_key text not null,
      serial text not null,
      driver_name text not null,
      claim_hash text not null,
      cap_minor bigint not null check (cap_minor > 0),
      session_cap_minor bigint not null check (session_cap_minor > 0),
      daily_limit_minor bigint not null check (daily_limit_minor >= 0),
      issued_at_s bigint not null,
      expires_at_s bigint not null,
      claimed_at_s bigint,
      revoked_at_s bigint,
      primary key (tenant, token_id),
      unique (tenant, fleet_id, idempotency_key),
      unique (tenant, claim_hash),
      unique (tenant, serial),
      foreign key (tenant, fleet_id) references fleets (tenant, fleet_id)
    );

    create table audit_lines (
      tenant text not null,
      line_id text not null,
      author text not null,
      action text not null,
      subject text not null,
      at_s bigint not null,
      primary key (tenant, line_id)
    );
    create index audit_lines_time on audit_lines (tenant, at_s);
    ${tenantTables({
      trust_lists: 'select, insert',
      policies: 'select, insert',
      sites: 'select, insert, update',
      chargers: 'select, insert, update',
      enrolment_codes: 'select, insert, update',
      charger_certificates: 'select, insert',
      fleets: 'select, insert, update',
      fleet_managers: 'select, insert, delete',
      grants: 'select, insert',
      reserves: 'select, insert, update',
      revoked_grants: 'select, insert',
      fleet_tokens: 'select, insert, update',
      audit_lines: 'select, insert',
    })}
  `,
}
