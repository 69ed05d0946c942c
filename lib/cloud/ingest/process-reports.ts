/** Phones' reports, read for the books. */

import type { Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EvidenceContext } from './evidence'
import { refuseItem, type ReadItems } from './process-items'
import { parseReport, readReport, withoutUnknownGrants } from './read-report'
import type { Contribution } from './reconcile'
import type { Reconciler } from './reconciler'
import type { InboxItem, ItemOutcome, ReconcileTransaction } from './store'

export async function readReports(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  context: EvidenceContext,
  items: readonly InboxItem[],
): Promise<ReadItems> {
  const contributions: Contribution[] = []
  const outcomes = new Map<InboxItem, ItemOutcome>()
  for (const item of items) {
    const report = await readOne(reconciler, tx, context, item)
    if (!report.ok) outcomes.set(item, await refuseItem(tx, item, report.error, context.nowS))
    else {
      outcomes.set(item, report.value.outcome)
      contributions.push(...report.value.contributions)
    }
  }
  return { contributions, cases: [], outcomes }
}

async function readOne(
  { config }: Reconciler,
  tx: ReconcileTransaction,
  context: EvidenceContext,
  { bytes }: InboxItem,
): Promise<
  Result<{ readonly outcome: ItemOutcome; readonly contributions: readonly Contribution[] }, Refusal>
> {
  // Only text that has been parsed before gets into the inbox.
  const chains = parseReport(JSON.parse(new TextDecoder().decode(bytes)))
  if (!chains.ok) return chains
  const read = readReport(chains.value, config.currency, context)
  const known = await tx.knownGrants(read.grants.map(({ payload }) => payload.serial))
  const { grants, evidence, refused } = withoutUnknownGrants(read, new Set(known.keys()))
  const author = grants[0]?.payload.serial
  await tx.quarantine(author === undefined ? 'stranger' : 'phone', refused, context.nowS)
  if (author === undefined) return err({ code: refused[0]?.code ?? 'api.malformed' })
  const consents = evidence.filter(({ kind }) => kind === 'consent')
  return ok({
    contributions: evidence.map((piece) => ({ piece, source: 'phone', author })),
    outcome: {
      kind: 'report',
      serials: [...new Set(grants.map(({ payload }) => payload.serial))],
      sessionIds: [...new Set(consents.map(({ sessionId }) => sessionId))],
      refused: refused.map(({ what, code }) => ({ what, code })),
    },
  })
}
