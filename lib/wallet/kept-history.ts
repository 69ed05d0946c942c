/**
 * The account's history as this phone keeps it, to be read without signal: the newest lines without a gap, and how to
 * ask for what is older. Bounded; what falls off the end can be asked for again.
 */

import type { EpochSeconds } from '@/lib/core/units'

export const historyKinds = [
  'top-up',
  'session',
  'hold-released',
  'refund',
  'goodwill',
  'correction',
  'card-refund',
  'chargeback',
  'owed-paid',
  'taken-along',
  'given-back',
] as const
export type HistoryKind = (typeof historyKinds)[number]

export interface HistoryLine {
  readonly id: string
  readonly kind: HistoryKind
  readonly atS: number
  readonly currency: string
  /** What the account gained, below zero where it paid; for moves between account and phone, how much moved. */
  readonly amountMinor: number
  readonly sessionId?: string
  readonly siteLabel?: string
  readonly heldMinor?: number
}

export interface HistoryPage {
  readonly lines: readonly HistoryLine[]
  /** For the page before; null at the beginning of the account. */
  readonly before: string | null
}

export interface KeptHistory extends HistoryPage {
  /** Whose it is: another driver's lines are never shown beside these. */
  readonly accountId: string
  readonly asOfS: EpochSeconds
}

/** A year of a driver who charges every other day, with what goes on around each session. */
const linesKeptMax = 600

/** The newest page. What was kept stays below it where the two meet; across a gap it would only seem complete. */
export function withNewestPage(
  kept: KeptHistory | null,
  page: HistoryPage,
  accountId: string,
  asOfS: EpochSeconds,
): KeptHistory {
  const known = kept?.accountId === accountId ? kept : null
  const newest = new Set(page.lines.map(({ id }) => id))
  const below = known?.lines.filter(({ id }) => !newest.has(id)) ?? []
  const meets = known?.lines.some(({ id }) => newest.has(id)) === true
  return meets && page.before !== null && below.length > 0
    ? bounded({ accountId, asOfS, lines: [...page.lines, ...below], before: known?.before ?? null })
    : { accountId, asOfS, ...page }
}

/** An older page, asked for with what `before` said; one that does not belong below is left out. */
export const withOlderPage = (kept: KeptHistory, page: HistoryPage): KeptHistory => {
  const known = new Set(kept.lines.map(({ id }) => id))
  const lines = [...kept.lines, ...page.lines.filter(({ id }) => !known.has(id))]
  return bounded({ ...kept, lines, before: page.before })
}

/** Without the oldest lines the cursor points nowhere; a newest page begins anew. */
const bounded = (history: KeptHistory): KeptHistory =>
  history.lines.length <= linesKeptMax
    ? history
    : { ...history, lines: history.lines.slice(0, linesKeptMax), before: null }
