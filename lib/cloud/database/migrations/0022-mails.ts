/** Mail that is sent after the transaction of what it tells. The text is deleted as soon as it was dealt with. */

import { distributed, tenantTables, type Migration } from './migration'

export const mails: Migration = {
  id: '0022-mails',
  sql: `
    create table mails (
      tenant text not null,
      organisation_id text not null,
      mail_key text not null check (char_length(mail_key) between 1 and 200),
      recipient text not null check (char_length(recipient) between 3 and 254),
      subject text not null,
      body text not null,
      state text not null check (state in ('waiting','sent','given-up')),
      attempts integer not null check (attempts >= 0),
      next_at_s bigint not null,
      created_at_s bigint not null,
      done_at_s bigint,
      fault text,
      primary key (tenant, organisation_id, mail_key),
      check ((state = 'waiting') = (done_at_s is null))
    );
    ${distributed('mails')}
    alter table mails
      add foreign key (tenant, organisation_id) references organisations (tenant, organisation_id);
    create index mails_due on mails (tenant, next_at_s) where state = 'waiting';
    create index mails_made on mails (tenant, organisation_id, created_at_s);
    create index mails_done on mails (tenant, done_at_s) where state <> 'waiting';
    ${tenantTables({ mails: 'select, insert, update, delete' })}
    create policy own_organisation on mails as restrictive
      using (coalesce(current_setting('app.organisation', true), '') = ''
        or organisation_id = current_setting('app.organisation', true));
  `,
}
