/** The books on PostgreSQL: one database transaction of one tenant behind the port. */

import { sql } from 'kysely'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { grantSerial, type GrantSerial, type OperatorId } from '@/lib/core/ids'
import { openCases } from '../cases/commands'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { revokeGrant } from '../issuance/commands'
import { trustOf, trustResponse } from '../issuance/queries'
import { vouchersByHash } from '../issuance/vouchers'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import { postgresBooks } from './postgres-books'
import { postgresEarly } from './postgres-early'
import { postgresFindings } from './postgres-findings'
import { postgresGaps } from './postgres-gaps'
import { postgresInbox } from './postgres-inbox'
import { postgresLog } from './postgres-log'
import { postgresSessions } from './postgres-sessions'
import { quarantine } from './quarantine'
import type { ReconcileStore, ReconcileTransaction } from './store'
import { keepEvidence, loadEvidence } from './stored-evidence'

export const openPostgresStore = (cloud: Cloud): ReconcileStore => ({
  transaction: (work) =>
    inTenant(cloud.db, cloud.config.tenant, (tx) => work(postgresTransaction(cloud, tx))),
})

function postgresTransaction(cloud: Cloud, tx: TenantTransaction): ReconcileTransaction {
  const { tenant, currency } = cloud.config
  return {
    ...postgresInbox(tx, tenant),
    ...postgresLog(tx, tenant),
    ...postgresEarly(tx, tenant),
    ...postgresSessions(tx, tenant),
    ...postgresFindings(tx, tenant),
    ...postgresBooks(tx, tenant, currency),
    ...postgresGaps(tx, tenant),
    keepEvidence: (pieces, nowS) => keepEvidence(tx, tenant, pieces, nowS),
    loadEvidence: (ids) => loadEvidence(tx, tenant, ids),
    post: (batch) => postTransfers(tx, tenant, batch),
    lockBalances: (accounts) => lockedBalancesOf(tx, tenant, accounts, currency),
    trust: () => trustOf(cloud, tx),
    news: () => trustResponse(cloud, tx),
    certificatesOf: (chargerIds) => certificatesOf(tx, tenant, chargerIds),
    knownGrants: (serials) => knownGrants(tx, tenant, serials),
    knownCards: async (hashes) =>
      new Map((await vouchersByHash(tx, tenant, hashes)).map((card) => [card.hash, card])),
    revokeGrant: async (serial, notAfterS, reason) => {
      await revokeGrant(cloud, tx, serial, notAfterS, reason)
    },
    openCases: (cases, nowS) => openCases(tx, tenant, nowS, cases),
    quarantine: (source, pieces, nowS) => quarantine(tx, tenant, source, pieces, nowS),
  }
}

/** Newer ones than these are nobody's: a charger gets a key every other year. */
const certificatesMax = 16

async function certificatesOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  chargerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Bytes[]>> {
  if (chargerIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('charger_certificates')
    .select(['charger_id', 'bytes'])
    .where('tenant', '=', tenant)
    .where('charger_id', 'in', [...chargerIds])
    .orderBy('charger_id')
    .orderBy('not_before_s', 'desc')
    .execute()
  const certificates = new Map<string, Bytes[]>()
  for (const { charger_id: id, bytes } of rows) {
    const known = certificates.get(id) ?? []
    if (known.length < certificatesMax) certificates.set(id, [...known, toBytes(bytes)])
  }
  return certificates
}

async function knownGrants(
  tx: TenantTransaction,
  tenant: OperatorId,
  serials: readonly GrantSerial[],
): Promise<ReadonlyMap<GrantSerial, Bytes>> {
  if (serials.length === 0) return new Map()
  const { rows } = await sql<{ serial: string; bytes: Buffer }>`
    select serial, bytes from grants
    where tenant = ${tenant} and serial = any(${[...serials]}::text[])`.execute(tx)
  return new Map(rows.map(({ serial, bytes }) => [grantSerial(serial), toBytes(bytes)]))
}
