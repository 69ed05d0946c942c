/**
 * Which rows may ever change. Everything that money or evidence stands in is written once: the application's role has
 * no right to update, delete or truncate it. Each table that is not so is named here with the reason.
 */

/** Table → why its rows change. `npm run db -- check` compares this list with what the database grants. */
export const changingTables: Readonly<Record<string, string>> = {
  tenants: 'counters of the latest revocation epoch, policy and trust list',
  ledger_accounts: 'sums of the transfers, raised in the transaction that writes them; proved by proveLedger',
  passkeys: 'signature counter of the authenticator',
  challenges: 'deleted when used or expired',
  sign_ins: 'deleted at sign-out or when expired',
  top_ups: 'state of an attempt, from started to paid or declined; the credit itself is a transfer',
  sites: 'label, when the operator renames a site',
  chargers: 'label and site, when a charger is moved',
  enrolment_codes: 'the key that used the code',
  fleets: 'name',
  fleet_managers: 'who may manage; deleted when somebody leaves',
  reserves: 'whether the rest was released, and what was paid in beyond it; the money itself is transfers',
  fleet_tokens: 'claimed and revoked',
  inbox: 'state of an upload, from waiting to done',
  device_logs: 'size and root of a log that grows; its events are rows of their own',
  charging_sessions: 'what all evidence so far adds up to; evidence and transfers are rows of their own',
  cases: 'state, verdict and who has it; every step is a row of case_events',
}

/** Known to every node of a cluster alike; holds no tenant's data. */
export const referenceTables: readonly string[] = ['outpost_migrations']
