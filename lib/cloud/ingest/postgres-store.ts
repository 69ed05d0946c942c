/** The books on PostgreSQL: one database transaction of one tenant behind the port. */

import type { Bytes } from '@/lib/core/bytes'
import { toBytes } from '@/lib/core/bytes'
import type { GrantSerial } from '@/lib/core/ids'
import { openCases } from '../cases/commands'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { revokeGrant } from '../issuance/commands'
import { grantsBySerial, trustOf, trustResponse } from '../issuance/queries'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import { postgresBooks } from './postgres-books'
import { postgresInbox } from './postgres-inbox'
import { postgresLog } from './postgres-log'
import { postgresSessions } from './postgres-sessions'
import { quarantine } from './quarantine'
import type { ReconcileStore, ReconcileTransaction } from './store'
import { keepEvidence, loadEvidence, storedOffers } from './stored-evidence'

export const openPostgresStore = (cloud: Cloud): ReconcileStore => ({
  transaction: (work) =>
    inTenant(cloud.db, cloud.config.tenant, (tx) => work(postgresTransaction(cloud, tx))),
})

function postgresTransaction(cloud: Cloud, tx: TenantTransaction): ReconcileTransaction {
  const { tenant, currency } = cloud.config
  return {
    ...postgresInbox(tx, tenant),
    ...postgresLog(tx, tenant),
    ...postgresSessions(tx, tenant),
    ...postgresBooks(tx, tenant, currency),
    keepEvidence: (pieces, source, nowS) => keepEvidence(tx, tenant, pieces, source, nowS),
    loadEvidence: (ids) => loadEvidence(tx, tenant, ids),
    storedOffers: (ids) => storedOffers(tx, tenant, ids),
    post: (batch) => postTransfers(tx, tenant, batch),
    lockBalances: (accounts) => lockedBalancesOf(tx, tenant, accounts, currency),
    trust: () => trustOf(cloud, tx),
    news: () => trustResponse(cloud, tx),
    certificatesOf: (chargerId) => certificatesOf(tx, tenant, chargerId),
    knownGrants: async (serials): Promise<ReadonlySet<GrantSerial>> =>
      new Set((await grantsBySerial(tx, tenant, serials)).keys()),
    revokeGrant: async (serial, notAfterS, reason) => {
      await revokeGrant(cloud, tx, serial, notAfterS, reason)
    },
    openCases: (cases, nowS) => openCases(tx, tenant, nowS, cases),
    quarantine: (source, pieces, nowS) => quarantine(tx, tenant, source, pieces, nowS),
  }
}

const certificatesMax = 16

async function certificatesOf(
  tx: TenantTransaction,
  tenant: string,
  chargerId: string,
): Promise<readonly Bytes[]> {
  const rows = await tx
    .selectFrom('charger_certificates')
    .select('bytes')
    .where('tenant', '=', tenant)
    .where('charger_id', '=', chargerId)
    .orderBy('not_before_s', 'desc')
    .limit(certificatesMax)
    .execute()
  return rows.map((row) => toBytes(row.bytes))
}
