/** Every step of the schema, in order. */

import { tenants } from './0001-tenants'
import { ledger } from './0002-ledger'
import { accounts } from './0003-accounts'
import { issuance } from './0004-issuance'
import { ingest } from './0005-ingest'
import { cases } from './0006-cases'
import { retention } from './0007-retention'
import { cardPayments } from './0008-card-payments'
import { closesPermitsVouchers } from './0009-closes-permits-vouchers'
import { loggedEvidence } from './0010-logged-evidence'
import { trips } from './0011-trips'
import { accountKeys } from './0012-account-keys'
import { bearers } from './0013-bearers'
import { transfersWithoutParents } from './0014-transfers-without-parents'
import { deviceGaps } from './0015-device-gaps'
import { lighterHotRows } from './0016-lighter-hot-rows'
import { organisations } from './0017-organisations'
import { technicianPasses } from './0018-technician-passes'
import { fleetCards } from './0019-fleet-cards'
import { apiKeys } from './0020-api-keys'
import { signInsInUse } from './0021-sign-ins-in-use'
import { mails } from './0022-mails'
import { ownedCredit } from './0023-owned-credit'
import { fleetTokenRules } from './0024-fleet-token-rules'
import { fleetCredit } from './0025-fleet-credit'
import { fleetDays } from './0026-fleet-days'
import { fleetCardBatches } from './0028-fleet-card-batches'
import { fleetInvoices } from './0030-fleet-invoices'
import { operatorOrganisation } from './0031-operator'
import { boundedLists } from './0032-bounded-lists'
import { dailyWork } from './0033-daily-work'
import { statementMonths } from './0034-statement-months'
import { fleetRosters } from './0035-fleet-rosters'
import { earlyPieces } from './0036-early-pieces'
import { satellite } from './0038-satellite'
import { bayDays } from './0042-bay-days'
import { regions } from './0040-regions'
import { rosterForgetting } from './0041-roster-forgetting'
import type { Migration } from './migration'

export type { Migration }

export const migrations: readonly Migration[] = [
  tenants,
  ledger,
  accounts,
  issuance,
  ingest,
  cases,
  retention,
  cardPayments,
  closesPermitsVouchers,
  loggedEvidence,
  trips,
  accountKeys,
  bearers,
  transfersWithoutParents,
  deviceGaps,
  lighterHotRows,
  organisations,
  technicianPasses,
  fleetCards,
  apiKeys,
  signInsInUse,
  mails,
  ownedCredit,
  fleetTokenRules,
  fleetCredit,
  fleetDays,
  fleetCardBatches,
  fleetInvoices,
  operatorOrganisation,
  boundedLists,
  dailyWork,
  statementMonths,
  fleetRosters,
  earlyPieces,
  regions,
  rosterForgetting,
  satellite,
  bayDays,
]
