/** What devices bring: the inbox, their logs, the evidence about each session, cases, and what proved nothing. */

import { tenantTables, type Migration } from './migration'

export const ingest: Migration = {
  id: '0005-ingest',
  sql: `
    create table inbox (
      tenant text not null,
      item_id text not null,
      kind text not null check (kind in ('bundle','report')),
      bytes bytea not null,
      state text not null check (state in ('waiting','done','refused')),
      outcome jsonb,
      attempts integer not null default 0,
      received_at_s bigint not null,
      done_at_s bigint,
      primary key (tenant, item_id)
    );
    create index inbox_waiting on inbox (tenant, received_at_s) where state = 'waiting';

    create table device_logs (
      tenant text not null,
      device text not null,
      epoch bigint not null,
      size bigint not null,
      frontier bytea[] not null,
      root text not null,
      checkpoint bytea,
      checkpoint_at_s bigint not null,
      updated_at_s bigint not null,
      primary key (tenant, device, epoch)
    );
    create table device_events (
      tenant text not null,
      device text not null,
      epoch bigint not null,
      seq bigint not null,
      bytes bytea not null,
      primary key (tenant, device, epoch, seq)
    );

    create table charging_sessions (
      tenant text not null,
      session_id text not null,
      serial text,
      owner text,
      seq integer,
      previous_hash text,
      gross_minor bigint,
      hold_minor bigint,
      currency text,
      authorized_at_s bigint,
      charger_id text,
      site_label text,
      bay_label text,
      state text not null check (state in ('orphan','seen','settled')),
      hold_state text not null check (hold_state in ('none','open','resolved')),
      posted_minor bigint,
      posted_tax_minor bigint not null default 0,
      disputed_minor bigint not null default 0,
      dispute_reference text,
      energy_wh bigint,
      by_phone boolean not null default false,
      by_charger boolean not null default false,
      updated_at_s bigint not null,
      primary key (tenant, session_id)
    );
    create index charging_sessions_owner on charging_sessions (tenant, owner, authorized_at_s);
    create index charging_sessions_serial on charging_sessions (tenant, serial, seq);

    create table session_evidence (
      tenant text not null,
      session_id text not null,
      kind text not null check (kind in ('consent','answer','receipt')),
      hash text not null,
      bytes bytea not null,
      grant_bytes bytea,
      offer_bytes bytea,
      certificate_bytes bytea,
      source text not null check (source in ('phone','charger')),
      received_at_s bigint not null,
      primary key (tenant, session_id, kind, hash)
    );

    create table cases (
      tenant text not null,
      case_id text not null,
      kind text not null,
      code text not null,
      session_id text,
      serial text,
      charger_id text,
      facts jsonb not null,
      state text not null check (state in ('open','closed')),
      opened_at_s bigint not null,
      primary key (tenant, case_id)
    );
    create index cases_open on cases (tenant, opened_at_s) where state = 'open';
    create index cases_session on cases (tenant, session_id) where state = 'open';
    create table case_evidence (
      tenant text not null,
      case_id text not null,
      hash text not null,
      label text not null,
      bytes bytea not null,
      primary key (tenant, case_id, hash, label),
      foreign key (tenant, case_id) references cases (tenant, case_id)
    );

    create table quarantine (
      tenant text not null,
      quarantine_id text not null,
      source text not null check (source in ('phone','charger','stranger')),
      what text not null,
      code text not null,
      bytes bytea not null,
      received_at_s bigint not null,
      primary key (tenant, quarantine_id)
    );
    create index quarantine_time on quarantine (tenant, source, received_at_s);
    ${tenantTables({
      inbox: 'select, insert, update',
      device_logs: 'select, insert, update',
      device_events: 'select, insert',
      charging_sessions: 'select, insert, update',
      session_evidence: 'select, insert',
      cases: 'select, insert, update',
      case_evidence: 'select, insert',
      quarantine: 'select, insert',
    })}
  `,
}
