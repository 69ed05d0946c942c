/** A charger's own record of a card is evidence, with the card where others have their grant. */

import type { Migration } from './migration'

export const bearers: Migration = {
  id: '0013-bearers',
  sql: `
    alter table session_evidence drop constraint session_evidence_kind_check;
    alter table session_evidence add constraint session_evidence_kind_check
      check (kind in ('consent','offer','answer','receipt','bearer'));
  `,
}
