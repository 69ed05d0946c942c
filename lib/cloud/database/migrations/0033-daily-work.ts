/** When work that is done once a day was begun last, so that one of all workers does it. */

import { distributed, tenantTables, type Migration } from './migration'

export const dailyWork: Migration = {
  id: '0033-daily-work',
  sql: `
    create table daily_work (
      tenant text not null,
      work text not null check (work in ('forget')),
      begun_at_s bigint not null,
      primary key (tenant, work)
    );
    ${distributed('daily_work')}
    ${tenantTables({ daily_work: 'select, insert, update' })}
  `,
}
