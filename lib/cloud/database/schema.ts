/** The tables as Kysely sees them. Columns and checks stand in `migrations/`. */

import type { AccountsTables } from './tables/accounts'
import type { CasesTables } from './tables/cases'
import type { DailyWorkTables } from './tables/daily-work'
import type { DeviceLogsTables } from './tables/device-logs'
import type { SatelliteTables } from './tables/satellite'
import type { FleetCardBatchTables } from './tables/fleet-card-batches'
import type { FleetCardsTables } from './tables/fleet-cards'
import type { FleetCreditTables } from './tables/fleet-credit'
import type { FleetDaysTables } from './tables/fleet-days'
import type { FleetInvoicesTables } from './tables/fleet-invoices'
import type { FleetRostersTables } from './tables/fleet-rosters'
import type { FleetsTables } from './tables/fleets'
import type { IssuanceTables } from './tables/issuance'
import type { LedgerTables } from './tables/ledger'
import type { MailsTables } from './tables/mails'
import type { OrganisationsTables } from './tables/organisations'
import type { PaymentsTables } from './tables/payments'
import type { SessionsTables } from './tables/sessions'
import type { TechniciansTables } from './tables/technicians'
import type { TrustTables } from './tables/trust'

export interface Schema
  extends
    LedgerTables,
    MailsTables,
    AccountsTables,
    PaymentsTables,
    TrustTables,
    FleetsTables,
    FleetCardsTables,
    FleetCardBatchTables,
    FleetCreditTables,
    FleetDaysTables,
    FleetInvoicesTables,
    FleetRostersTables,
    OrganisationsTables,
    IssuanceTables,
    TechniciansTables,
    DailyWorkTables,
    DeviceLogsTables,
    SatelliteTables,
    SessionsTables,
    CasesTables {}
