/** Grants, vouchers and reserves of a fleet are hidden from transactions that act for another one, like its other rows. */

import type { Migration } from './migration'

const owned = (table: string): string => `
    create policy own_organisation on ${table} as restrictive for all
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or owner = 'fleet:' || current_setting('app.organisation', true));`

export const ownedCredit: Migration = {
  id: '0023-owned-credit',
  sql: ['grants', 'vouchers', 'reserves', 'top_ups'].map(owned).join('\n'),
}
