/**
 * Which rows may ever change. Everything that money or evidence stands in is written once: the application's role has
 * no right to update, delete or truncate it. Each table that is not so is named here with the reason.
 */

/** Table → why its rows change. `npm run db -- check` compares this list with what the database grants. */
export const changingTables: Readonly<Record<string, string>> = {
  tenants: 'counters of the latest revocation epoch, policy and trust list',
  ledger_accounts: 'sums of the transfers, raised in the transaction that writes them; proved by proveLedger',
  accounts: 'when it was recovered or closed; its id stays for the books',
  passkeys: 'signature counter and name; deleted when its owner takes it away',
  challenges: 'deleted when used or expired',
  sign_ins:
    'when it was last used, when a passkey was last shown and on which phone; its token then; deleted at sign-out or when expired',
  recovery_codes: 'when it was used; deleted when a new set is made',
  phones: 'name and when it was last seen; deleted with the account',
  phone_keys: 'deleted with their phone; the keys of grants stand in the grants',
  top_ups: 'read no more; its rows moved to card_payments',
  card_payments: 'state of an order, from started to paid or captured; the credit itself is a transfer',
  card_references: 'which of our orders the provider’s number belongs to, once that is known',
  card_events: 'which of our orders the provider’s news is about, once that is known; the news itself stays',
  card_acts: 'attempts and state of what the provider is asked for',
  guest_grants: 'when a guest’s hold was authorized and is looked at again; the money itself is transfers',
  settled_receipts: 'how far a charger’s receipts are settled without a gap; raised, never lowered',
  sites: 'label, position and order, when the operator renames or places a site',
  chargers: 'label and site, when a charger is moved',
  enrolment_codes: 'the key that used the code',
  fleets: 'name',
  fleet_credit:
    'the credit line, when to warn, whether it was warned, and whether the operator froze it; the money itself is transfers',
  invoice_series: 'the last number of an invoice, raised in the transaction that writes the invoice',
  fleet_billing_addresses:
    'whom the next invoice is addressed to, and which month is next; invoices hold copies',
  bank_rows: 'whose a transfer is, once somebody has decided',
  organisations: 'name',
  console_people: 'name and address; deleted with the account',
  api_keys: 'when it was last used and revoked',
  mails: 'state of a mail, from waiting to sent, and its text, which is deleted then; the row a while later',
  organisation_members: 'role; deleted when somebody leaves',
  organisation_invitations: 'state, from pending to accepted or withdrawn',
  reserves:
    'when the rest returns and whether it has, and what was paid in beyond it; the money itself is transfers',
  fleet_tokens: 'claimed, renewed and revoked, and the rules that the next grant will carry',
  revocation_holders: 'which revocations a charger said last that it holds, and when it was heard',
  fleet_drivers: 'what a driver is called and whether one is on the list; deleted when an import is undone',
  fleet_vehicles: 'likewise of a vehicle',
  fleet_imports: 'that an import was undone, and that the rows which it refused were deleted',
  fleet_cards: 'withdrawn',
  local_lists: 'the newest list of a site takes the place of the one before',
  local_list_holders: 'which list a charger said last that it holds',
  technician_passes: 'the pass that an invitation became, once',
  inbox: 'state of an upload, from waiting to done',
  device_gaps: 'since when something is missing of a log, and that it has come',
  early_pieces: 'bundles beyond a gap; deleted when the log took their events, or where they have no room',
  satellite_terminals: 'which charger a modem belongs to',
  satellite_letters: 'state of a letter, from coming to taken; deleted after 90 days',
  satellite_parts: 'messages of a letter; deleted when it was taken',
  satellite_answers: 'that the provider took an answer, or why it did not; deleted with its letter',
  device_logs: 'size and root of a log that grows; its events are rows of their own',
  charging_sessions: 'what all evidence so far adds up to; evidence and transfers are rows of their own',
  daily_work: 'when it was begun last',
  fleet_counts:
    'when the sums of a fleet’s sessions were brought up to date, and which months of its credit are added up',
  fleet_days: 'sums of a day’s sessions, added up anew from the rows when one of them changed',
  fleet_grant_months: 'sums of a month’s sessions of a grant, likewise',
  cases: 'state, verdict and who has it; every step is a row of case_events',
}

/** Known to every node of a cluster alike; holds no tenant's data. */
export const referenceTables: readonly string[] = ['outpost_migrations', 'regions_here']
