/** The tables as Kysely sees them: one list, as long as there are tables. Columns and checks stand in `migrations/`. */

import type { ColumnType, Generated } from 'kysely'
import type { CaseState, Verdict } from '../cases/case-machine'

/** Set by the database when the row is written, never changed. */
type CreatedAt = ColumnType<Date, never, never>

export interface TenantRow {
  tenant: string
  name: string
  currency: string
  revocation_epoch: Generated<number>
  policy_epoch: Generated<number>
  trust_sequence: Generated<number>
  created_at: CreatedAt
}

export interface LedgerAccountRow {
  tenant: string
  account: string
  currency: string
  class: string
  posted_debits: Generated<number>
  posted_credits: Generated<number>
  pending_debits: Generated<number>
  pending_credits: Generated<number>
  created_at: CreatedAt
}

export interface LedgerTransferRow {
  tenant: string
  reference: string
  kind: string
  debit: string
  credit: string
  currency: string
  amount_minor: number
  effect: string
  resolves_reference: string | null
  resolves_kind: string | null
  reason: string
  author: string
  created_at: CreatedAt
}

export interface AccountRow {
  tenant: string
  account_id: string
  created_at_s: number
}

export interface PasskeyRow {
  tenant: string
  credential_id: string
  account_id: string
  algorithm: 'ES256' | 'EdDSA'
  step_up_key: string
  cose_key: Buffer
  sign_count: number
  transports: string[]
  created_at_s: number
}

export interface ChallengeRow {
  tenant: string
  challenge_id: string
  purpose: 'register' | 'sign-in'
  challenge: string
  expires_at_s: number
}

export interface SignInRow {
  tenant: string
  token_hash: string
  account_id: string
  expires_at_s: number
}

export interface CardPaymentRow {
  tenant: string
  payment_id: string
  purpose: 'top-up' | 'guest'
  owner: string
  idempotency_key: string
  author: string
  provider: string
  amount_minor: number
  currency: string
  state: 'started' | 'paid' | 'failed' | 'cancelled' | 'authorized' | 'capturing' | 'captured' | 'cancelling'
  checkout_reference: string | null
  checkout_url: string | null
  payment_reference: string | null
  created_at_s: number
  updated_at_s: number
}

export interface GuestGrantRow {
  tenant: string
  payment_id: string
  token_hash: string
  serial: string
  device_key: string
  key_protection: 'platform' | 'sealed'
  authorized_at_s: number | null
  not_after_s: number | null
  looked_at_s: number | null
  look_after_s: number | null
  refunds: Generated<number>
}

export interface CardReferenceRow {
  tenant: string
  provider: string
  payment_reference: string
  payment_id: string | null
}

export interface CardEventRow {
  tenant: string
  provider: string
  event_id: string
  payment_id: string | null
  payment_reference: string | null
  news: unknown
  body_hash: string
  received_at_s: number
}

export interface CardActRow {
  tenant: string
  act_id: string
  payment_id: string
  kind: 'capture' | 'cancel' | 'refund'
  amount_minor: number
  state: 'waiting' | 'done' | 'refused'
  attempts: Generated<number>
  first_tried_at_s: number | null
  due_at_s: number
  refusal: string | null
  created_at_s: number
}

export interface TrustListRow {
  tenant: string
  sequence: number
  root_key: string
  bytes: Buffer
}

export interface PolicyRow {
  tenant: string
  sequence: number
  bytes: Buffer
}

export interface SiteRow {
  tenant: string
  site_id: string
  label: string
}

export interface ChargerRow {
  tenant: string
  charger_id: string
  site_id: string
  bay_label: string
  created_at_s: number
}

export interface EnrolmentCodeRow {
  tenant: string
  code_hash: string
  charger_id: string
  expires_at_s: number
  used_by_key: string | null
}

export interface ChargerCertificateRow {
  tenant: string
  charger_id: string
  key: string
  not_before_s: number
  not_after_s: number
  bytes: Buffer
}

export interface FleetRow {
  tenant: string
  fleet_id: string
  fleet_number: number
  name: string
  created_at_s: number
}

export interface FleetManagerRow {
  tenant: string
  fleet_id: string
  account_id: string
}

export interface GrantRow {
  tenant: string
  serial: string
  owner: string
  account_id: string | null
  device_key: string
  currency: string
  cap_minor: number
  spends_max: number
  not_after_s: number
  issued_at_s: number
  /** The first of a row of grants that followed each other; null for that one itself. */
  root_serial: Generated<string | null>
  bytes: Buffer
}

export interface GrantCloseRow {
  tenant: string
  serial: string
  last_seq: number
  head: string
  bytes: Buffer
  next_serial: string
  closed_at_s: number
}

export interface PermitRow {
  tenant: string
  permit_id: string
  verdict: 'veto' | 'raise'
  session_id: string | null
  serial: string | null
  charger_id: string | null
  maximum_minor: number | null
  author: string
  issued_at_s: number
  not_after_s: number
  bytes: Buffer
}

export interface VoucherRow {
  tenant: string
  serial: string
  batch: string
  number: number
  owner: string
  bearer: 'printed' | 'rfid'
  currency: string
  cap_minor: number
  sites: string[]
  not_after_s: number
  issued_at_s: number
  hash: string
  bytes: Buffer
}

export interface ReserveRow {
  tenant: string
  serial: string
  owner: string
  currency: string
  release_after_s: number
  released_at_s: number | null
  covered_minor: Generated<number>
}

export interface RevokedGrantRow {
  tenant: string
  serial: string
  epoch: number
  not_after_s: number
  reason: string
  revoked_at_s: number
}

export interface FleetTokenRow {
  tenant: string
  token_id: string
  fleet_id: string
  idempotency_key: string
  serial: string
  driver_name: string
  claim_hash: string
  cap_minor: number
  session_cap_minor: number
  daily_limit_minor: number
  /** Empty: roaming. */
  sites: Generated<string[]>
  issued_at_s: number
  expires_at_s: number
  claimed_at_s: number | null
  revoked_at_s: number | null
}

export interface AuditLineRow {
  tenant: string
  line_id: string
  author: string
  action: string
  subject: string
  at_s: number
}

export interface InboxRow {
  tenant: string
  item_id: string
  kind: 'bundle' | 'report'
  bytes: Buffer
  state: 'waiting' | 'done' | 'refused'
  outcome: unknown
  attempts: Generated<number>
  received_at_s: number
  done_at_s: number | null
}

export interface DeviceLogRow {
  tenant: string
  device: string
  epoch: number
  size: number
  frontier: Buffer[]
  root: string
  checkpoint: Buffer | null
  checkpoint_at_s: number
  updated_at_s: number
}

export interface DeviceEventRow {
  tenant: string
  device: string
  epoch: number
  seq: number
  bytes: Buffer
}

export interface ChargingSessionRow {
  tenant: string
  session_id: string
  serial: string | null
  owner: string | null
  seq: number | null
  previous_hash: string | null
  gross_minor: number | null
  hold_minor: number | null
  currency: string | null
  authorized_at_s: number | null
  charger_id: string | null
  site_label: string | null
  bay_label: string | null
  state: 'orphan' | 'seen' | 'settled'
  hold_state: 'none' | 'open' | 'resolved'
  posted_minor: number | null
  posted_tax_minor: Generated<number>
  disputed_minor: Generated<number>
  dispute_reference: string | null
  decided_from_minor: number | null
  decided_to_minor: number | null
  upheld_minor: Generated<number>
  upheld_tax_minor: Generated<number>
  refunded_minor: Generated<number>
  refunded_tax_minor: Generated<number>
  energy_wh: number | null
  by_phone: Generated<boolean>
  by_charger: Generated<boolean>
  updated_at_s: number
  /** The pieces were deleted after their time; what is known of the session cannot be judged anew. */
  evidence_forgotten_at_s: number | null
  /** Events of chargers' logs that are evidence about it, as `device epoch seq`. */
  logged: Generated<string[]>
  receipt_counter: number | null
  /** Known while nobody has answered: when the charger must have answered, by the charger's clock. */
  offer_expires_at_s: number | null
}

export interface SessionEvidenceRow {
  tenant: string
  session_id: string
  kind: 'consent' | 'offer' | 'answer' | 'receipt'
  hash: string
  bytes: Buffer
  grant_bytes: Buffer | null
  offer_bytes: Buffer | null
  certificate_bytes: Buffer | null
  source: 'phone' | 'charger'
  received_at_s: number
}

/** A link of a wallet's chain that a charger met, by the receipt of another driver. */
export interface SightingRow {
  tenant: string
  serial: string
  seq: number
  hash: string
  session_id: string
  seen_at_s: number
}

/** Every receipt of this charger up to the counter is settled. */
export interface SettledReceiptsRow {
  tenant: string
  charger_id: string
  counter: number
}

export interface CaseRow {
  tenant: string
  case_id: string
  kind: string
  code: string
  session_id: string | null
  serial: string | null
  charger_id: string | null
  facts: unknown
  state: CaseState
  opened_at_s: number
  /** The first case about the same thing, and how many there were up to this one. */
  root_id: string
  round: Generated<number>
  /** Counts every step; equals the number of the latest event. */
  revision: Generated<number>
  taken_by: string | null
  verdict: Verdict | null
  updated_at_s: number
}

export interface CaseEventRow {
  tenant: string
  case_id: string
  seq: number
  step: string
  from_state: CaseState | null
  to_state: CaseState
  author: string
  reason: string
  note: string | null
  facts: unknown
  at_s: number
}

export interface CaseEvidenceRow {
  tenant: string
  case_id: string
  hash: string
  label: string
  bytes: Buffer
}

export interface QuarantineRow {
  tenant: string
  quarantine_id: string
  source: 'phone' | 'charger' | 'stranger'
  what: string
  code: string
  bytes: Buffer
  received_at_s: number
}

export interface Schema {
  tenants: TenantRow
  ledger_accounts: LedgerAccountRow
  ledger_transfers: LedgerTransferRow
  accounts: AccountRow
  passkeys: PasskeyRow
  challenges: ChallengeRow
  sign_ins: SignInRow
  card_payments: CardPaymentRow
  guest_grants: GuestGrantRow
  card_references: CardReferenceRow
  card_events: CardEventRow
  card_acts: CardActRow
  trust_lists: TrustListRow
  policies: PolicyRow
  sites: SiteRow
  chargers: ChargerRow
  enrolment_codes: EnrolmentCodeRow
  charger_certificates: ChargerCertificateRow
  fleets: FleetRow
  fleet_managers: FleetManagerRow
  grants: GrantRow
  grant_closes: GrantCloseRow
  permits: PermitRow
  vouchers: VoucherRow
  reserves: ReserveRow
  revoked_grants: RevokedGrantRow
  fleet_tokens: FleetTokenRow
  audit_lines: AuditLineRow
  inbox: InboxRow
  device_logs: DeviceLogRow
  device_events: DeviceEventRow
  charging_sessions: ChargingSessionRow
  session_evidence: SessionEvidenceRow
  sightings: SightingRow
  settled_receipts: SettledReceiptsRow
  cases: CaseRow
  case_evidence: CaseEvidenceRow
  case_events: CaseEventRow
  quarantine: QuarantineRow
}
