/** Double entry: one row a transfer, sums per account kept in the same transaction. */

import { tenantTables, type Migration } from './migration'

export const ledger: Migration = {
  id: '0002-ledger',
  sql: `
    create table ledger_accounts (
      tenant text not null,
      account text not null,
      currency text not null,
      class text not null check (class in ('wallet','fleet','reserve','receivable','revenue','tax','card-clearing')),
      posted_debits bigint not null default 0 check (posted_debits >= 0),
      posted_credits bigint not null default 0 check (posted_credits >= 0),
      pending_debits bigint not null default 0 check (pending_debits >= 0),
      pending_credits bigint not null default 0 check (pending_credits >= 0),
      created_at timestamptz not null default now(),
      primary key (tenant, account, currency),
      check (class not in ('wallet','fleet') or posted_credits - posted_debits - pending_debits >= 0),
      check (class <> 'reserve' or posted_credits >= posted_debits),
      check (class <> 'receivable' or posted_debits >= posted_credits)
    );

    create table ledger_transfers (
      tenant text not null,
      reference text not null,
      kind text not null,
      debit text not null,
      credit text not null,
      currency text not null,
      amount_minor bigint not null check (amount_minor > 0),
      effect text not null check (effect in ('post','pend','post-pending','void-pending')),
      resolves_reference text,
      resolves_kind text,
      reason text not null,
      author text not null,
      created_at timestamptz not null default now(),
      primary key (tenant, reference, kind),
      foreign key (tenant, debit, currency) references ledger_accounts (tenant, account, currency),
      foreign key (tenant, credit, currency) references ledger_accounts (tenant, account, currency),
      foreign key (tenant, resolves_reference, resolves_kind) references ledger_transfers (tenant, reference, kind),
      check (debit <> credit),
      check ((effect in ('post-pending','void-pending')) = (resolves_reference is not null)),
      check ((resolves_reference is null) = (resolves_kind is null))
    );
    create unique index ledger_transfers_resolve_once
      on ledger_transfers (tenant, resolves_reference, resolves_kind) where resolves_reference is not null;
    create index ledger_transfers_debit on ledger_transfers (tenant, debit, currency, created_at);
    create index ledger_transfers_credit on ledger_transfers (tenant, credit, currency, created_at);
    ${tenantTables({ ledger_accounts: 'select, insert, update', ledger_transfers: 'select, insert' })}
  `,
}
