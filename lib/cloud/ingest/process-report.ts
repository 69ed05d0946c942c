/** One phone report into the books. */

import { grantSerial } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import type { Refusal } from '@/lib/core/reason'
import { parseReport, readReport, withoutUnknownGrants } from './read-report'
import { reconcile } from './reconcile'
import type { Reconciler } from './reconciler'
import { rememberedVerify } from './remembered-verify'
import type { ItemOutcome, ReconcileTransaction } from './store'

export async function processReport(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  json: unknown,
): Promise<Result<ItemOutcome, Refusal>> {
  const chains = parseReport(json)
  if (!chains.ok) return chains
  const { config, clock, verify } = reconciler
  const nowS = clock.nowS()
  const context = { trust: (await tx.trust()).list, verify: rememberedVerify(verify), nowS }
  const read = readReport(chains.value, config.currency, context)
  const known = await tx.knownGrants(read.grants.map(({ payload }) => payload.serial))
  const report = withoutUnknownGrants(read, known)
  const author = report.grants[0]?.payload.serial
  if (author === undefined) {
    await tx.quarantine('stranger', report.refused, nowS)
    return err({ code: report.refused[0]?.code ?? 'api.malformed' })
  }
  await tx.quarantine('phone', report.refused, nowS)
  await reconcile(reconciler, tx, report.evidence, { source: 'phone', author })
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
