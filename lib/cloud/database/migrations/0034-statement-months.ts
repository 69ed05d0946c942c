/** What moved on fleets' credit in months that are over: added up once and written once, since the books are, too. */

import { distributed, tenantTables, type Migration } from './migration'

export const statementMonths: Migration = {
  id: '0034-statement-months',
  sql: `
    alter table fleet_counts add column months_until text not null default '';
    create table fleet_statement_months (
      tenant text not null,
      fleet_id text not null,
      month text not null check (month ~ '^20[0-9]{2}-[01][0-9]$'),
      kind text not null,
      amount_minor bigint not null,
      inside_minor bigint not null check (inside_minor >= 0),
      transfers bigint not null check (transfers >= 0),
      primary key (tenant, fleet_id, month, kind)
    );
    ${distributed('fleet_statement_months')}
    ${tenantTables({ fleet_statement_months: 'select, insert' })}
    create policy own_organisation on fleet_statement_months as restrictive for all
      using (case coalesce(current_setting('app.organisation', true), '') when '' then true
        else fleet_id = current_setting('app.organisation', true) end);
  `,
}
