/**
 * Organisations with members, roles and invitations, in place of one list of managers a fleet. Rows that belong to an
 * organisation are hidden from transactions that act for another one (organisation-scope.ts): restrictive policies,
 * which narrow what the tenant's policy shows.
 */

import { distributed, tenantTables, type Migration } from './migration'

const scoped = (table: string, condition: string, command = 'all'): string => `
    create policy own_organisation on ${table} as restrictive for ${command}
      using (coalesce(current_setting('app.organisation', true), '') = '' or ${condition});`

const isOwn = "organisation_id = current_setting('app.organisation', true)"
const isOwnFleet = "fleet_id = current_setting('app.organisation', true)"
const isOwnersFleet = "owner = 'fleet:' || current_setting('app.organisation', true)"

export const organisations: Migration = {
  id: '0017-organisations',
  sql: `
    create table organisations (
      tenant text not null,
      organisation_id text not null,
      kind text not null check (kind in ('fleet','operator')),
      name text not null check (char_length(name) between 1 and 120),
      slug text not null,
      created_at_s bigint not null,
      primary key (tenant, organisation_id),
      unique (tenant, slug)
    );
    ${distributed('organisations')}
    create table console_people (
      tenant text not null,
      account_id text not null,
      name text not null,
      email text not null,
      created_at_s bigint not null,
      primary key (tenant, account_id)
    );
    ${distributed('console_people')}
    alter table console_people add foreign key (tenant, account_id) references accounts (tenant, account_id);
    create index console_people_email on console_people (tenant, email);
    create table organisation_members (
      tenant text not null,
      member_id text not null,
      organisation_id text not null,
      account_id text not null,
      role text not null check (role in ('owner','manager','viewer')),
      created_at_s bigint not null,
      primary key (tenant, member_id),
      unique (tenant, organisation_id, account_id)
    );
    ${distributed('organisation_members')}
    alter table organisation_members
      add foreign key (tenant, organisation_id) references organisations (tenant, organisation_id),
      add foreign key (tenant, account_id) references console_people (tenant, account_id);
    create index organisation_members_account on organisation_members (tenant, account_id);
    create table organisation_invitations (
      tenant text not null,
      invitation_id text not null,
      organisation_id text not null,
      email text not null,
      role text not null check (role in ('owner','manager','viewer')),
      status text not null check (status in ('pending','accepted','rejected','canceled')),
      inviter_id text not null,
      code_hash text,
      expires_at_s bigint not null,
      created_at_s bigint not null,
      primary key (tenant, invitation_id),
      unique (tenant, code_hash)
    );
    ${distributed('organisation_invitations')}
    alter table organisation_invitations
      add foreign key (tenant, organisation_id) references organisations (tenant, organisation_id);
    create index organisation_invitations_of on organisation_invitations (tenant, organisation_id, email);
    ${tenantTables({
      organisations: 'select, insert, update',
      console_people: 'select, insert, update, delete',
      organisation_members: 'select, insert, update, delete',
      organisation_invitations: 'select, insert, update',
    })}

    insert into organisations
      select tenant, fleet_id, 'fleet', name, fleet_id, created_at_s from fleets;
    insert into console_people
      select distinct m.tenant, m.account_id, '', m.account_id || '@account.invalid', a.created_at_s
      from fleet_managers m join accounts a on a.tenant = m.tenant and a.account_id = m.account_id;
    insert into organisation_members
      select m.tenant, md5(m.fleet_id || ' ' || m.account_id), m.fleet_id, m.account_id, 'owner', a.created_at_s
      from fleet_managers m join accounts a on a.tenant = m.tenant and a.account_id = m.account_id;
    drop table fleet_managers;

    alter table audit_lines add column organisation_id text;
    create index audit_lines_organisation on audit_lines (tenant, organisation_id, at_s desc)
      where organisation_id is not null;
    ${scoped('organisations', isOwn)}
    ${scoped('organisation_members', isOwn)}
    ${scoped('organisation_invitations', isOwn)}
    ${scoped('audit_lines', isOwn)}
    ${scoped('fleets', isOwnFleet)}
    ${scoped('fleet_tokens', isOwnFleet)}
    ${scoped('charging_sessions', isOwnersFleet, 'select')}
    ${scoped('card_payments', isOwnersFleet)}
  `,
}
