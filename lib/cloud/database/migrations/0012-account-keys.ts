/**
 * More than one passkey and phone for an account, recovery codes, and the end of an account. Rows here open doors or
 * name things; none is money or evidence, so they change and go.
 */

import { distributed, tenantTables, type Migration } from './migration'

export const accountKeys: Migration = {
  id: '0012-account-keys',
  sql: `
    alter table accounts add column recovered_at_s bigint;
    alter table accounts add column closed_at_s bigint;
    grant update on accounts to outpost_app;
    alter table passkeys add column name text not null default '';
    alter table passkeys add constraint passkeys_name_check check (length(name) <= 40);
    alter table passkeys add column last_used_at_s bigint;
    grant delete on passkeys to outpost_app;
    alter table challenges drop constraint challenges_purpose_check;
    alter table challenges add constraint challenges_purpose_check
      check (purpose in ('register','sign-in','prove','add-passkey','recover'));
    alter table challenges add column account_id text;
    alter table challenges add column code_hash text;
    alter table challenges add constraint challenges_account_check
      check ((account_id is null) = (purpose in ('register','sign-in')));
    alter table sign_ins add column credential_id text;
    alter table sign_ins add column phone_id text;
    alter table sign_ins add column proved_at_s bigint not null default 0;
    grant update on sign_ins to outpost_app;
    create index sign_ins_account on sign_ins (tenant, account_id);

    create table recovery_codes (
      tenant text not null,
      code_hash text not null,
      account_id text not null,
      created_at_s bigint not null,
      used_at_s bigint,
      primary key (tenant, code_hash)
    );
    create index recovery_codes_account on recovery_codes (tenant, account_id);
    create table phones (
      tenant text not null,
      account_id text not null,
      phone_id text not null,
      name text not null check (length(name) <= 40),
      first_seen_at_s bigint not null,
      last_seen_at_s bigint not null,
      lost_at_s bigint,
      primary key (tenant, account_id, phone_id)
    );
    create table phone_keys (
      tenant text not null,
      account_id text not null,
      device_key text not null,
      phone_id text not null,
      primary key (tenant, account_id, device_key)
    );
    ${['recovery_codes', 'phones', 'phone_keys'].map(distributed).join('\n')}
    ${['recovery_codes', 'phones', 'phone_keys']
      .map(
        (table) => `alter table ${table} add constraint ${table}_account
      foreign key (tenant, account_id) references accounts (tenant, account_id);`,
      )
      .join('\n')}
    ${tenantTables({
      recovery_codes: 'select, insert, update, delete',
      phones: 'select, insert, update, delete',
      phone_keys: 'select, insert, delete',
    })}
  `,
}
