/** Figures of the whole operator: the ledger strip of the demonstration, and health. */

import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { hasSodium } from '@/lib/crypto/sodium'
import type { DemoLedgerResponse, HealthResponse } from '../api-types/health'
import { openCaseCount } from '../cases/queries'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { sessionCounts, inboxProgress } from '../ingest/queries'
import { revocationLoad } from '../issuance/revocations'
import { cardsOfBatch, type IssuedVoucher } from '../issuance/vouchers'
import { classTotal, proveLedger } from '../ledger/queries'
import { newestTrust } from './trust-lists'

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
    return await inTenant(cloud.db, cloud.config.tenant, async (tx) => ({
      status: 'ok',
      database: 'ok',
      ...(await inboxProgress(tx, cloud.config.tenant, cloud.clock.nowS())),
      revocationsWaiting: (await revocationLoad(cloud, tx)).waiting,
      verifier,
    }))
  } catch {
    const nothing = { inboxWaiting: 0, inboxOldestS: 0, inboxDonePerMinute: 0, revocationsWaiting: 0 }
    return { status: 'starting', database: 'unreachable', ...nothing, verifier }
  }
}

const verifier = hasSodium ? 'libsodium' : 'openssl'

/** Whether a root has ever vouched for an issuer here. */
export const isEstablished = (cloud: Cloud): Promise<boolean> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => (await newestTrust(cloud, tx)) !== undefined)

/** The issuer keys that devices accept, newest first. Undefined before the operator is established. */
export const issuerKeys = (cloud: Cloud): Promise<TrustList | undefined> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => (await newestTrust(cloud, tx))?.list)

export const vouchersOfBatch = (cloud: Cloud, batch: string): Promise<readonly IssuedVoucher[]> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => cardsOfBatch(tx, cloud.config.tenant, batch))
