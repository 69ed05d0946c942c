/** People: passkeys, challenges waiting for them, and who is signed in. Secrets are kept as hashes. */

import { tenantTables, type Migration } from './migration'

export const accounts: Migration = {
  id: '0003-accounts',
  sql: `
    create table accounts (
      tenant text not null,
      account_id text not null,
      created_at_s bigint not null,
      primary key (tenant, account_id)
    );
    create table passkeys (
      tenant text not null,
      credential_id text not null,
      account_id text not null,
      algorithm text not null check (algorithm in ('ES256','EdDSA')),
      step_up_key text not null,
      cose_key bytea not null,
      sign_count bigint not null,
      transports text[] not null,
      created_at_s bigint not null,
      primary key (tenant, credential_id),
      foreign key (tenant, account_id) references accounts (tenant, account_id)
    );
    create index passkeys_account on passkeys (tenant, account_id);
    create table challenges (
      tenant text not null,
      challenge_id text not null,
      purpose text not null check (purpose in ('register','sign-in')),
      challenge text not null,
      expires_at_s bigint not null,
      primary key (tenant, challenge_id)
    );
    create index challenges_expiry on challenges (tenant, expires_at_s);
    create table sign_ins (
      tenant text not null,
      token_hash text not null,
      account_id text not null,
      expires_at_s bigint not null,
      primary key (tenant, token_hash),
      foreign key (tenant, account_id) references accounts (tenant, account_id)
    );
    create index sign_ins_expiry on sign_ins (tenant, expires_at_s);
    create table top_ups (
      tenant text not null,
      owner text not null,
      idempotency_key text not null,
      top_up_id text not null,
      amount_minor bigint not null check (amount_minor > 0),
      currency text not null,
      state text not null check (state in ('started','paid','declined')),
      provider_reference text,
      created_at_s bigint not null,
      primary key (tenant, owner, idempotency_key)
    );
    ${tenantTables({
      accounts: 'select, insert',
      passkeys: 'select, insert, update',
      challenges: 'select, insert, delete',
      sign_ins: 'select, insert, delete',
      top_ups: 'select, insert, update',
    })}
  `,
}
