/**
 * A role that may forget what has served its time: uploads that are done with, what proved nothing, and the signed
 * pieces of sessions and cases that were settled long ago. It has no right on money rows, histories or device logs.
 */

import type { Migration } from './migration'

const forgettable = ['inbox', 'quarantine', 'session_evidence', 'case_evidence']

export const retention: Migration = {
  id: '0007-retention',
  sql: `
    do $$ begin
      if not exists (select from pg_roles where rolname = 'outpost_retention') then
        create role outpost_retention nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$;
    grant outpost_retention to current_user;
    grant usage on schema public to outpost_retention;
    alter table charging_sessions add column evidence_forgotten_at_s bigint;
    grant select on cases, charging_sessions, tenants to outpost_retention;
    grant update on charging_sessions to outpost_retention;
    ${forgettable.map((table) => `grant select, delete on ${table} to outpost_retention;`).join('\n')}
    create index inbox_done on inbox (tenant, done_at_s) where state <> 'waiting';
  `,
}
