/** How long each bay could charge on each day, as its charger's log says. */

import { distributed, tenantTables, type Migration } from './migration'

const seconds = ['up', 'faulted', 'silent', 'taken_out', 'closed', 'dark']

export const bayDays: Migration = {
  id: '0042-bay-days',
  sql: `
    create table bay_days (
      tenant text not null,
      charger_id text not null,
      day integer not null,
      connector_id integer not null check (connector_id between 0 and 255),
      ${seconds.map((name) => `${name}_s integer not null check (${name}_s between 0 and 86400),`).join('\n      ')}
      primary key (tenant, charger_id, day, connector_id)
    );
    create index bay_days_by_day on bay_days (tenant, day);
    ${distributed('bay_days')}
    ${tenantTables({ bay_days: 'select, insert' })}
  `,
}
