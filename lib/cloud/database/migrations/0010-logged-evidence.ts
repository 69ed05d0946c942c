/**
 * What a charger's log says about a session is read from the log itself and not kept twice; receipts are counted, so
 * that a charger can be told which are settled; and the wallets that chargers met stand where forks are looked for.
 */

import { distributed, tenantTables, type Migration } from './migration'

export const loggedEvidence: Migration = {
  id: '0010-logged-evidence',
  sql: `
    alter table charging_sessions add column logged text[] not null default '{}';
    alter table charging_sessions add column receipt_counter bigint;
    alter table charging_sessions add column offer_expires_at_s bigint;
    create index charging_sessions_charger on charging_sessions (tenant, charger_id, receipt_counter);
    alter table session_evidence drop constraint session_evidence_kind_check;
    alter table session_evidence add constraint session_evidence_kind_check
      check (kind in ('consent','offer','answer','receipt'));

    create table sightings (
      tenant text not null,
      serial text not null,
      seq integer not null,
      hash text not null,
      session_id text not null,
      seen_at_s bigint not null,
      primary key (tenant, serial, seq, hash)
    );
    create table settled_receipts (
      tenant text not null,
      charger_id text not null,
      counter bigint not null check (counter >= 0),
      primary key (tenant, charger_id)
    );
    ${['sightings', 'settled_receipts'].map(distributed).join('\n')}
    ${tenantTables({ sightings: 'select, insert', settled_receipts: 'select, insert, update' })}
  `,
}
