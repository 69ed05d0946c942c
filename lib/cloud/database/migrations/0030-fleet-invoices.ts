/**
 * Invoices of fleets, written once: the application may neither change nor delete them. Their numbers have no gap, so the
 * last one is a row that is raised in the transaction of the invoice; a sequence would lose what is rolled back.
 */

import { distributed, tenantTables, type Migration } from './migration'

const ownFleet = (table: string): string => `
    create policy own_organisation on ${table} as restrictive for all
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or fleet_id = current_setting('app.organisation', true));
    alter table ${table} add foreign key (tenant, fleet_id) references fleets (tenant, fleet_id);`

const isMonth = (column: string): string =>
  `${column} text not null check (${column} ~ '^20[0-9]{2}-[01][0-9]$')`
const text = (column: string, most: number, least = 0): string =>
  `${column} text not null check (char_length(${column}) between ${least} and ${most})`

export const fleetInvoices: Migration = {
  id: '0030-fleet-invoices',
  sql: `
    create table fleet_invoices (
      tenant text not null,
      fleet_id text not null,
      ${isMonth('month')},
      invoice_number text not null,
      issued_at_s bigint not null,
      currency text not null,
      net_minor bigint not null,
      tax_minor bigint not null,
      sessions bigint not null check (sessions >= 0),
      energy_wh bigint not null check (energy_wh >= 0),
      document jsonb not null,
      primary key (tenant, fleet_id, month),
      unique (tenant, invoice_number)
    );
    create table invoice_series (
      tenant text not null,
      series text not null,
      last_number bigint not null check (last_number > 0),
      primary key (tenant, series)
    );
    create table fleet_billing_addresses (
      tenant text not null,
      fleet_id text not null,
      ${text('name', 120, 1)},
      ${text('street', 120, 1)},
      ${text('postal_code', 16)},
      ${text('city', 80, 1)},
      ${text('country', 60, 1)},
      vat_id text check (char_length(vat_id) <= 20),
      order_reference text check (char_length(order_reference) <= 60),
      locale text not null check (locale in ('en','de')),
      ${isMonth('next_month')},
      updated_at_s bigint not null,
      primary key (tenant, fleet_id)
    );
    create index fleet_billing_addresses_due on fleet_billing_addresses (tenant, next_month, fleet_id);
    ${['fleet_invoices', 'invoice_series', 'fleet_billing_addresses'].map(distributed).join('\n')}
    ${tenantTables({
      fleet_invoices: 'select, insert',
      invoice_series: 'select, insert, update',
      fleet_billing_addresses: 'select, insert, update',
    })}
    ${ownFleet('fleet_invoices')}
    ${ownFleet('fleet_billing_addresses')}
  `,
}
