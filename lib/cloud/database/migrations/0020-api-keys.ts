/** Keys by which programs act for an organisation. Of the secret only the hash is kept. */

import { distributed, tenantTables, type Migration } from './migration'

export const apiKeys: Migration = {
  id: '0020-api-keys',
  sql: `
    create table api_keys (
      tenant text not null,
      key_id text not null,
      organisation_id text not null,
      name text not null check (char_length(name) between 1 and 120),
      role text not null check (role in ('manager','viewer')),
      secret_hash text not null,
      author text not null,
      created_at_s bigint not null,
      expires_at_s bigint not null,
      last_used_at_s bigint,
      revoked_at_s bigint,
      primary key (tenant, key_id),
      unique (tenant, secret_hash)
    );
    ${distributed('api_keys')}
    alter table api_keys
      add foreign key (tenant, organisation_id) references organisations (tenant, organisation_id);
    create index api_keys_organisation on api_keys (tenant, organisation_id, created_at_s);
    ${tenantTables({ api_keys: 'select, insert, update' })}
    create policy own_organisation on api_keys as restrictive
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or organisation_id = current_setting('app.organisation', true));
  `,
}
