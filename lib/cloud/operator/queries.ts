/** Figures of the whole operator: the ledger strip of the demonstration, and health. */

import type { DemoLedgerResponse, HealthResponse } from '../api-types'
import { openCaseCount } from '../cases/queries'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { sessionCounts, waitingCount } from '../ingest/queries'
import { classTotal, proveLedger } from '../ledger/queries'

export async function ledgerFigures(cloud: Cloud): Promise<DemoLedgerResponse> {
  const { tenant, currency } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const proof = await proveLedger(tx, tenant)
    const wallets = await classTotal(tx, tenant, 'wallet', currency)
    const fleets = await classTotal(tx, tenant, 'fleet', currency)
    const reserves = await classTotal(tx, tenant, 'reserve', currency)
    const revenue = await classTotal(tx, tenant, 'revenue', currency)
    const tax = await classTotal(tx, tenant, 'tax', currency)
    const receivable = await classTotal(tx, tenant, 'receivable', currency)
    return {
      currency,
      transfers: proof.transfers,
      imbalanceMinor: proof.imbalanceMinor,
      driversMinor: wallets.postedMinor,
      fleetsMinor: fleets.postedMinor,
      reservedMinor: reserves.postedMinor,
      heldMinor: reserves.pendingMinor,
      revenueMinor: revenue.postedMinor,
      taxMinor: tax.postedMinor,
      receivableMinor: -receivable.postedMinor || 0,
      sessions: await sessionCounts(tx, tenant),
      openCases: await openCaseCount(tx, tenant),
      asOfS: cloud.clock.nowS(),
    }
  })
}

export async function health(cloud: Cloud): Promise<HealthResponse> {
  try {
    const inboxWaiting = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
      waitingCount(tx, cloud.config.tenant),
    )
    return { status: 'ok', database: 'ok', inboxWaiting }
  } catch {
    return { status: 'starting', database: 'unreachable', inboxWaiting: 0 }
  }
}
