/**
 * What card providers tell, in our own terms, and what all events about one payment mean together. The meaning is a
 * function of the set alone: webhooks come late, twice and in any order.
 */

/** What happened. Amounts are minor units of `currency`. */
export type PaymentNews =
  | { readonly kind: 'paid'; readonly amountMinor: number; readonly currency: string }
  | { readonly kind: 'preauthorised'; readonly amountMinor: number; readonly currency: string }
  | { readonly kind: 'captured'; readonly amountMinor: number; readonly currency: string }
  | { readonly kind: 'failed' }
  /** The checkout was left, or what was set aside on the card is free again. */
  | { readonly kind: 'cancelled' }
  /** `actId`: ours, when we asked for it; null when somebody did it at the provider. */
  | {
      readonly kind: 'refunded' | 'refund-failed'
      readonly refundId: string
      readonly amountMinor: number
      readonly actId: string | null
    }
  | {
      readonly kind: 'dispute-opened' | 'dispute-won' | 'dispute-lost'
      readonly disputeId: string
      readonly amountMinor: number
    }
  /** Signed by the provider and of no meaning to us. */
  | { readonly kind: 'unknown'; readonly type: string }

export interface PaymentEvent {
  /** The provider's; the same event always has the same id. */
  readonly eventId: string
  /** Ours, where the provider repeats it. */
  readonly paymentId: string | null
  /** Whose payment it says it is; another operator may share the provider's account. */
  readonly tenant: string | null
  /** The provider's name of the payment. */
  readonly paymentReference: string | null
  readonly news: PaymentNews
}

export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

export interface RefundFact {
  readonly refundId: string
  readonly amountMinor: number
  readonly actId: string | null
  readonly hasFailed: boolean
}

export interface DisputeFact {
  readonly disputeId: string
  readonly amountMinor: number
  readonly standing: 'open' | 'won' | 'lost'
}

export interface PaymentFacts {
  readonly paid: Money | undefined
  readonly preauthorised: Money | undefined
  readonly captured: Money | undefined
  readonly hasFailed: boolean
  readonly isCancelled: boolean
  /** Sorted by id. */
  readonly refunds: readonly RefundFact[]
  readonly disputes: readonly DisputeFact[]
}

export function factsOf(events: readonly PaymentNews[]): PaymentFacts {
  const refunds = new Map<string, RefundFact>()
  const disputes = new Map<string, DisputeFact>()
  for (const news of events) {
    if (news.kind === 'refunded' || news.kind === 'refund-failed') {
      const { refundId, amountMinor } = news
      const known = refunds.get(refundId)
      refunds.set(refundId, {
        refundId,
        amountMinor: Math.max(known?.amountMinor ?? 0, amountMinor),
        actId: known?.actId ?? news.actId,
        hasFailed: (known?.hasFailed ?? false) || news.kind === 'refund-failed',
      })
    } else if (isDispute(news)) {
      const { disputeId, amountMinor } = news
      const known = disputes.get(disputeId)
      disputes.set(disputeId, {
        disputeId,
        amountMinor: Math.max(known?.amountMinor ?? 0, amountMinor),
        standing: laterStanding(known?.standing ?? 'open', standings[news.kind]),
      })
    }
  }
  return {
    paid: largest(events, 'paid'),
    preauthorised: largest(events, 'preauthorised'),
    captured: largest(events, 'captured'),
    hasFailed: events.some(({ kind }) => kind === 'failed'),
    isCancelled: events.some(({ kind }) => kind === 'cancelled'),
    refunds: sortedBy([...refunds.values()], ({ refundId }) => refundId),
    disputes: sortedBy([...disputes.values()], ({ disputeId }) => disputeId),
  }
}

const standings = { 'dispute-opened': 'open', 'dispute-won': 'won', 'dispute-lost': 'lost' } as const
type Standing = DisputeFact['standing']
const ranks: Record<Standing, number> = { open: 0, lost: 1, won: 2 }

/** A decided dispute stays decided when the news of its opening comes late; money that came back, came back. */
const laterStanding = (one: Standing, other: Standing): Standing => (ranks[one] >= ranks[other] ? one : other)

const isDispute = (news: PaymentNews): news is Extract<PaymentNews, { disputeId: string }> =>
  'disputeId' in news

function largest(
  events: readonly PaymentNews[],
  kind: 'paid' | 'preauthorised' | 'captured',
): Money | undefined {
  let found: Money | undefined
  for (const news of events) {
    if (news.kind !== kind || (found !== undefined && found.amountMinor >= news.amountMinor)) continue
    found = { amountMinor: news.amountMinor, currency: news.currency }
  }
  return found
}

const sortedBy = <T>(items: readonly T[], key: (item: T) => string): readonly T[] =>
  items.toSorted((left, right) => (key(left) < key(right) ? -1 : 1))
