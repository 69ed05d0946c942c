/** Phones' reports, read for the books. */

import type { Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Consent, Evidence, EvidenceContext } from './evidence'
import {
  chargersOf,
  parseReport,
  readReport,
  tellerOf,
  withoutUnknownGrants,
  type Chain,
} from './read-report'
import { refuseItem, type ReadItems } from './read-items'
import type { Contribution } from './reconcile'
import type { Reconciler } from './reconciler'
import { signedBytesOf } from './session-cases'
import type { InboxItem, ItemOutcome, NewCase, ReconcileTransaction } from './store'

export async function readReports(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  context: EvidenceContext,
  items: readonly InboxItem[],
): Promise<ReadItems> {
  const contributions: Contribution[] = []
  const cases: NewCase[] = []
  const outcomes = new Map<InboxItem, ItemOutcome>()
  for (const item of items) {
    const report = await readOne(reconciler, tx, context, item)
    if (!report.ok) outcomes.set(item, await refuseItem(tx, item, report.error, context.nowS))
    else {
      outcomes.set(item, report.value.outcome)
      contributions.push(...report.value.contributions)
      cases.push(...report.value.cases)
    }
  }
  const chargers = contributions.flatMap(({ piece }) => (piece.kind === 'offer' ? [piece.chargerId] : []))
  return { contributions, cases, chargers, outcomes }
}

async function readOne(
  { config }: Reconciler,
  tx: ReconcileTransaction,
  context: EvidenceContext,
  { bytes }: InboxItem,
): Promise<Result<Omit<ReadItems, 'chargers' | 'outcomes'> & { readonly outcome: ItemOutcome }, Refusal>> {
  // Only text that has been parsed before gets into the inbox.
  const kept: unknown = JSON.parse(new TextDecoder().decode(bytes))
  const chains = parseReport(kept)
  if (!chains.ok) return chains
  const certificates = await tx.certificatesOf(chargersOf(chains.value))
  const read = readReport(chains.value, config.currency, context, [...certificates.values()].flat())
  const known = await tx.knownGrants(read.grants.map(({ payload }) => payload.serial))
  const { grants, evidence, refused } = withoutUnknownGrants(read, new Set(known.keys()))
  const author = grants[0]?.payload.serial
  await tx.quarantine(author === undefined ? 'stranger' : tellerOf(kept), refused, context.nowS)
  if (author === undefined) return err({ code: refused[0]?.code ?? 'api.malformed' })
  const consents = evidence.filter((piece) => piece.kind === 'consent')
  return ok({
    contributions: evidence.map((piece) => ({ piece, source: tellerOf(kept), author })),
    cases: disputeCases(chains.value, consents, evidence),
    outcome: {
      kind: 'report',
      serials: [...new Set(grants.map(({ payload }) => payload.serial))],
      sessionIds: [...new Set(consents.map(({ sessionId }) => sessionId))],
      refused: refused.map(({ what, code }) => ({ what, code })),
    },
  })
}

/** What drivers complain of, about sessions that came along: people look at it, the money stands as evidence says. */
function disputeCases(
  chains: readonly Chain[],
  consents: readonly Consent[],
  evidence: readonly Evidence[],
): readonly NewCase[] {
  const byId = new Map<string, Consent>(consents.map((consent) => [consent.sessionId, consent]))
  return chains.flatMap(({ disputes }) =>
    disputes.flatMap(({ sessionId, reason, note, recomputedMinor }): readonly NewCase[] => {
      const consent = byId.get(sessionId)
      if (consent === undefined) return []
      const facts = { reason, ...(recomputedMinor === null ? {} : { recomputedMinor }) }
      const pieces = evidence.filter((piece) => piece.sessionId === sessionId).flatMap(signedBytesOf)
      const about = { sessionId, serial: consent.grant.serial, facts, note }
      return [{ ...about, kind: 'dispute', code: 'case.dispute', evidence: pieces }]
    }),
  )
}
