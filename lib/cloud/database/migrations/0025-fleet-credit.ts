/**
 * Credit lines, warnings and bank transfers of fleets. What is drawn from a line, and the operator's bank account, are
 * accounts of the books.
 */

import { distributed, tenantTables, type Migration } from './migration'

const ownFleet = (table: string): string => `
    create policy own_organisation on ${table} as restrictive for all
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or fleet_id = current_setting('app.organisation', true));`

export const fleetCredit: Migration = {
  id: '0025-fleet-credit',
  sql: `
    alter table ledger_accounts drop constraint ledger_accounts_class_check;
    alter table ledger_accounts add constraint ledger_accounts_class_check check (class in
      ('wallet','fleet','guest','reserve','receivable','revenue','tax','card-clearing','card-authorized',
       'bank-clearing','credit-line','goodwill','write-off'));
    alter table ledger_accounts add constraint ledger_accounts_drawn_check
      check (class <> 'credit-line' or posted_debits >= posted_credits);

    create table fleet_credit (
      tenant text not null,
      fleet_id text not null,
      limit_minor bigint not null default 0 check (limit_minor >= 0),
      alert_below_minor bigint check (alert_below_minor > 0),
      alerted_at_s bigint,
      primary key (tenant, fleet_id)
    );
    create table bank_rows (
      tenant text not null,
      row_key text not null,
      content_hash text not null,
      booked_on text not null check (booked_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
      amount_minor bigint not null check (amount_minor > 0),
      currency text not null,
      remittance text not null check (char_length(remittance) <= 1000),
      counterparty text not null check (char_length(counterparty) <= 300),
      state text not null check (state in ('open','posted','left')),
      reason text,
      fleet_id text,
      imported_at_s bigint not null,
      decided_at_s bigint,
      author text not null,
      primary key (tenant, row_key),
      check ((state = 'posted') = (fleet_id is not null)),
      check ((state = 'open') = (decided_at_s is null))
    );
    create index bank_rows_open on bank_rows (tenant, imported_at_s, row_key) where state = 'open';
    create index bank_rows_fleet on bank_rows (tenant, fleet_id, imported_at_s desc) where fleet_id is not null;
    ${['fleet_credit', 'bank_rows'].map(distributed).join('\n')}
    alter table fleet_credit add foreign key (tenant, fleet_id) references fleets (tenant, fleet_id);
    alter table bank_rows add foreign key (tenant, fleet_id) references fleets (tenant, fleet_id);
    ${tenantTables({ fleet_credit: 'select, insert, update', bank_rows: 'select, insert, update' })}
    ${ownFleet('fleet_credit')}
    ${ownFleet('bank_rows')}
  `,
}
