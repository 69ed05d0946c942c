/**
 * Indexes by which a console finds the newest of a fleet's sessions whatever it asks for (ADR 0046): of each charger; and what
 * is under way, together with what still holds money, since nearly always that is the same. Sessions of drivers' own
 * wallets stand in none of them. And what a fleet has set aside, for its invoices and its balance.
 *
 * The policies say what they said before. The planner takes a comparison that it cannot calculate beforehand for one row
 * in two hundred, and a case for every second one: it now expects the rows that are there.
 */

import type { Migration } from './migration'

const ofFleets = "left(owner, 6) <> 'wallet' and left(owner, 5) <> 'guest'"

const acting = "coalesce(current_setting('app.organisation', true), '')"
const scoped = (table: string, isOwn: string): string => `
    alter policy own_organisation on ${table}
      using (case ${acting} when '' then true else ${isOwn} end);`
const byOwner = (table: string): string => scoped(table, `owner = 'fleet:' || ${acting}`)
const byFleet = (table: string): string => scoped(table, `fleet_id = ${acting}`)

export const boundedLists: Migration = {
  id: '0032-bounded-lists',
  sql: `
    create index charging_sessions_fleet_charger on charging_sessions (tenant, owner, charger_id, authorized_at_s)
      where ${ofFleets};
    drop index charging_sessions_held;
    create index charging_sessions_open on charging_sessions (tenant, owner, authorized_at_s)
      where (hold_state = 'open' or state = 'seen') and ${ofFleets};
    drop index charging_sessions_changed;
    create index charging_sessions_changed on charging_sessions (tenant, owner, updated_at_s) where ${ofFleets};
    create index reserves_owner on reserves (tenant, owner, serial);
    ${['charging_sessions', 'grants', 'vouchers', 'reserves', 'top_ups', 'card_payments'].map(byOwner).join('')}
    ${['fleet_tokens', 'fleet_cards', 'fleet_days', 'fleet_grant_months'].map(byFleet).join('')}
  `,
}
