/** Letters that chargers send by satellite, a message at a time, and the answers that wait for their modems. */

import { distributed, tenantTables, type Migration } from './migration'

export const satellite: Migration = {
  id: '0038-satellite',
  sql: `
    create table satellite_terminals (
      tenant text not null,
      imei text not null check (imei ~ '^[0-9]{15}$'),
      charger_id text not null,
      created_at_s bigint not null,
      primary key (tenant, imei)
    );
    ${distributed('satellite_terminals')}

    create table satellite_letters (
      tenant text not null,
      imei text not null,
      letter bigint not null check (letter between 0 and 4294967295),
      parts integer not null check (parts between 1 and 16),
      state text not null check (state in ('coming', 'whole', 'taken', 'unreadable')),
      sessions integer,
      bytes_in integer not null default 0,
      begun_at_s bigint not null,
      done_at_s bigint,
      attempts integer not null default 0,
      next_at_s bigint not null default 0,
      primary key (tenant, imei, letter)
    );
    create index satellite_letters_waiting on satellite_letters (tenant, next_at_s) where state = 'whole';
    ${distributed('satellite_letters')}

    create table satellite_parts (
      tenant text not null,
      imei text not null,
      letter bigint not null,
      part integer not null check (part between 0 and 15),
      bytes bytea not null check (length(bytes) <= 2000),
      primary key (tenant, imei, letter, part)
    );
    ${distributed('satellite_parts')}

    create table satellite_answers (
      tenant text not null,
      imei text not null,
      letter bigint not null,
      part integer not null check (part between 0 and 15),
      bytes bytea not null check (length(bytes) <= 2000),
      sent_at_s bigint,
      attempts integer not null default 0,
      next_at_s bigint not null,
      fault text,
      primary key (tenant, imei, letter, part)
    );
    create index satellite_answers_waiting on satellite_answers (tenant, next_at_s) where sent_at_s is null;
    ${distributed('satellite_answers')}

    ${tenantTables({
      satellite_terminals: 'select, insert, update',
      satellite_letters: 'select, insert, update, delete',
      satellite_parts: 'select, insert, delete',
      satellite_answers: 'select, insert, update, delete',
    })}
  `,
}
