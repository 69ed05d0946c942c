/** The operator's own organisation, one a tenant; fleets that it has frozen; and what it has decided about bank transfers. */

import type { Migration } from './migration'

export const operatorOrganisation: Migration = {
  id: '0031-operator',
  sql: `
    create unique index organisations_operator on organisations (tenant) where kind = 'operator';
    alter table fleet_credit
      add column frozen_at_s bigint,
      add column frozen_because text check (char_length(frozen_because) between 1 and 200),
      add check ((frozen_at_s is null) = (frozen_because is null));
    create index bank_rows_decided on bank_rows (tenant, state, decided_at_s desc, row_key) where state <> 'open';
  `,
}
