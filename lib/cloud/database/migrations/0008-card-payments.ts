/**
 * Payments by card: orders, what the provider said about them, what it is still to be asked for, and drivers without
 * an account. Orders of before move over; the old table is read no more.
 */

import { distributed, tenantTables, type Migration } from './migration'

const tables = ['card_payments', 'guest_grants', 'card_references', 'card_events', 'card_acts']

export const cardPayments: Migration = {
  id: '0008-card-payments',
  sql: `
    alter table ledger_accounts drop constraint ledger_accounts_class_check;
    alter table ledger_accounts add constraint ledger_accounts_class_check check (class in
      ('wallet','fleet','guest','reserve','receivable','revenue','tax','card-clearing','card-authorized',
       'goodwill','write-off'));
    alter table ledger_accounts add constraint ledger_accounts_guest_check
      check (class <> 'guest' or posted_credits - posted_debits - pending_debits >= 0);
    alter table ledger_accounts add constraint ledger_accounts_promised_check
      check (class <> 'card-authorized' or posted_debits >= posted_credits);

    create table card_payments (
      tenant text not null,
      payment_id text not null,
      purpose text not null check (purpose in ('top-up','guest')),
      owner text not null,
      idempotency_key text not null,
      author text not null,
      provider text not null,
      amount_minor bigint not null check (amount_minor > 0),
      currency text not null,
      state text not null check (state in
        ('started','paid','failed','cancelled','authorized','capturing','captured','cancelling')),
      checkout_reference text,
      checkout_url text,
      payment_reference text,
      created_at_s bigint not null,
      updated_at_s bigint not null,
      primary key (tenant, payment_id),
      unique (tenant, owner, idempotency_key)
    );
    create table guest_grants (
      tenant text not null,
      payment_id text not null,
      token_hash text not null,
      serial text not null,
      device_key text not null,
      key_protection text not null check (key_protection in ('platform','sealed')),
      authorized_at_s bigint,
      not_after_s bigint,
      looked_at_s bigint,
      look_after_s bigint,
      refunds integer not null default 0,
      primary key (tenant, payment_id),
      unique (tenant, token_hash),
      unique (tenant, serial)
    );
    create index guest_grants_due on guest_grants (tenant, look_after_s) where look_after_s is not null;
    create table card_references (
      tenant text not null,
      provider text not null,
      payment_reference text not null,
      payment_id text,
      primary key (tenant, provider, payment_reference)
    );
    create table card_events (
      tenant text not null,
      provider text not null,
      event_id text not null,
      payment_id text,
      payment_reference text,
      news jsonb not null,
      body_hash text not null,
      received_at_s bigint not null,
      primary key (tenant, provider, event_id)
    );
    create index card_events_payment on card_events (tenant, payment_id) where payment_id is not null;
    create index card_events_waiting on card_events (tenant, provider, payment_reference) where payment_id is null;
    create table card_acts (
      tenant text not null,
      act_id text not null,
      payment_id text not null,
      kind text not null check (kind in ('capture','cancel','refund')),
      amount_minor bigint not null check (amount_minor >= 0),
      state text not null check (state in ('waiting','done','refused')),
      attempts integer not null default 0,
      first_tried_at_s bigint,
      due_at_s bigint not null,
      refusal text,
      created_at_s bigint not null,
      primary key (tenant, act_id)
    );
    create index card_acts_due on card_acts (tenant, due_at_s) where state = 'waiting';
    create index card_acts_payment on card_acts (tenant, payment_id);
    ${tables.map(distributed).join('\n')}
    insert into card_payments (tenant, payment_id, purpose, owner, idempotency_key, author, provider, amount_minor,
        currency, state, payment_reference, created_at_s, updated_at_s)
      select tenant, top_up_id, 'top-up', owner, idempotency_key, 'operator', 'sandbox', amount_minor, currency,
        case state when 'declined' then 'failed' else state end, provider_reference, created_at_s, created_at_s
      from top_ups;
    ${tenantTables({
      card_payments: 'select, insert, update',
      guest_grants: 'select, insert, update',
      card_references: 'select, insert, update',
      card_events: 'select, insert, update',
      card_acts: 'select, insert, update',
    })}
  `,
}
