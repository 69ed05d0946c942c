/** Cases get their life: states, verdicts, an append-only history; sessions remember what people decided. */

import { distributed, tenantTables, type Migration } from './migration'

export const cases: Migration = {
  id: '0006-cases',
  sql: `
    alter table ledger_accounts drop constraint ledger_accounts_class_check;
    alter table ledger_accounts add constraint ledger_accounts_class_check check (class in
      ('wallet','fleet','reserve','receivable','revenue','tax','card-clearing','goodwill','write-off'));
    alter table ledger_accounts add constraint ledger_accounts_given_check
      check (class not in ('goodwill','write-off') or posted_debits >= posted_credits);

    alter table charging_sessions add column decided_from_minor bigint;
    alter table charging_sessions add column decided_to_minor bigint;
    alter table charging_sessions add column upheld_minor bigint not null default 0;
    alter table charging_sessions add column upheld_tax_minor bigint not null default 0;
    alter table charging_sessions add column refunded_minor bigint not null default 0;
    alter table charging_sessions add column refunded_tax_minor bigint not null default 0;
    alter table charging_sessions add constraint charging_sessions_decided_check
      check ((decided_from_minor is null) = (decided_to_minor is null) and decided_from_minor <= decided_to_minor);
    alter table charging_sessions add constraint charging_sessions_refund_check
      check (refunded_minor between 0 and coalesce(posted_minor, 0) + upheld_minor
        and refunded_tax_minor between 0 and refunded_minor and upheld_tax_minor between 0 and upheld_minor);

    drop index cases_open;
    drop index cases_session;
    alter table cases drop constraint cases_state_check;
    alter table cases add column root_id text;
    alter table cases add column round integer not null default 1;
    alter table cases add column revision integer not null default 1;
    alter table cases add column taken_by text;
    alter table cases add column verdict text;
    alter table cases add column updated_at_s bigint;
    update cases set root_id = case_id, updated_at_s = opened_at_s,
      verdict = case when state = 'closed' then 'dismiss' end,
      state = case when state = 'closed' then 'decided' else state end;
    alter table cases alter column root_id set not null;
    alter table cases alter column updated_at_s set not null;
    alter table cases add constraint cases_state_check
      check (state in ('open','in-review','waiting-for-evidence','decided'));
    alter table cases add constraint cases_verdict_check check (verdict in ('uphold','dismiss'));
    alter table cases add constraint cases_decided_check check ((state = 'decided') = (verdict is not null));
    alter table cases add constraint cases_round_check check (round >= 1 and revision >= 1);
    alter table cases add constraint cases_round_once unique (tenant, root_id, round);
    create index cases_listed on cases (tenant, opened_at_s, case_id);
    create index cases_open on cases (tenant, opened_at_s, case_id) where state <> 'decided';
    create index cases_session on cases (tenant, session_id);

    create table case_events (
      tenant text not null,
      case_id text not null,
      seq integer not null,
      step text not null,
      from_state text,
      to_state text not null,
      author text not null,
      reason text not null,
      note text,
      facts jsonb not null,
      at_s bigint not null,
      primary key (tenant, case_id, seq)
    );
    ${distributed('case_events')}
    alter table case_events add constraint case_events_case
      foreign key (tenant, case_id) references cases (tenant, case_id);
    insert into case_events (tenant, case_id, seq, step, to_state, author, reason, facts, at_s)
      select tenant, case_id, 1, 'opened', state, 'operator', code, '{}', opened_at_s from cases;
    ${tenantTables({ case_events: 'select, insert' })}
  `,
}
