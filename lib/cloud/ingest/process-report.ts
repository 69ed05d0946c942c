/** One phone report into the books. */

import { grantSerial } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import type { Refusal } from '@/lib/core/reason'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { grantsBySerial, trustOf } from '../issuance/queries'
import { quarantine } from './quarantine'
import { parseReport, readReport, withoutUnknownGrants } from './read-report'
import { reconcile } from './reconcile'
import { rememberedVerify } from './remembered-verify'

export interface ReportOutcome {
  readonly kind: 'report'
  readonly serials: readonly string[]
  readonly sessionIds: readonly string[]
  readonly refused: readonly { readonly what: string; readonly code: string }[]
}

export async function processReport(
  cloud: Cloud,
  tx: TenantTransaction,
  json: unknown,
): Promise<Result<ReportOutcome, Refusal>> {
  const chains = parseReport(json)
  if (!chains.ok) return chains
  const { tenant, currency } = cloud.config
  const trust = await trustOf(cloud, tx)
  const context = { trust: trust.list, verify: rememberedVerify(cloud.verify), nowS: cloud.clock.nowS() }
  const read = readReport(chains.value, currency, context)
  const serials = read.grants.map(({ payload }) => payload.serial)
  const known = await grantsBySerial(tx, tenant, serials)
  const report = withoutUnknownGrants(read, new Set(known.keys()))
  const author = report.grants[0]?.payload.serial
  if (author === undefined) {
    const first = report.refused[0]
    await quarantine(cloud, tx, 'stranger', report.refused)
    return err({ code: first?.code ?? 'api.malformed' })
  }
  await quarantine(cloud, tx, 'phone', report.refused)
  await reconcile(cloud, tx, report.evidence, { source: 'phone', author })
  const sessionIds = report.evidence
    .filter(({ kind }) => kind === 'consent')
    .map(({ sessionId }) => sessionId)
  return ok({
    kind: 'report',
    serials: [...new Set(report.grants.map(({ payload }) => grantSerial(payload.serial)))],
    sessionIds: [...new Set(sessionIds)],
    refused: report.refused.map(({ what, code }) => ({ what, code })),
  })
}
