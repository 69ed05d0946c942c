/** When a sign-in was last used, and when for a console, so that one that lies about ends. */

import type { Migration } from './migration'

export const signInsInUse: Migration = {
  id: '0021-sign-ins-in-use',
  sql: `
    alter table sign_ins add column seen_at_s bigint not null default 0;
    alter table sign_ins add column console_seen_at_s bigint not null default 0;
    -- Those that are there count as used when they began, thirty days before their end.
    update sign_ins set seen_at_s = expires_at_s - 2592000;
  `,
}
