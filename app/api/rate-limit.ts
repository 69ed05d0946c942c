/**
 * How often one address, and everybody together, may call what costs us something before we know who calls. Counted
 * in this process by the minute. An address that claims to be another is stopped by the common limit.
 */

export const rates = {
  /** Passkey ceremonies: a person needs two calls. */
  account: { perAddress: 60, together: 3_000 },
  /** One-time codes of 80 random bits: guessing is hopeless, trying is cheap. */
  codes: { perAddress: 30, together: 1_000 },
  /** Beginning a payment, and asking every few seconds how it stands. */
  payments: { perAddress: 120, together: 3_000 },
  /** A card provider calls from few addresses, in bursts after an outage. */
  webhooks: { perAddress: 3_000, together: 6_000 },
  /** Reports and bundles cost signature checks. */
  evidence: { perAddress: 1_200, together: 12_000 },
} as const

const windowMs = 60_000
const addressesMax = 10_000

interface Window {
  readonly startedMs: number
  readonly counts: Map<string, number>
  together: number
}

const windows = new Map<keyof typeof rates, Window>()

/** Whether this call is one too many. */
export function isTooMany(kind: keyof typeof rates, request: Request, nowMs: number): boolean {
  const known = windows.get(kind)
  const isFresh = known !== undefined && nowMs - known.startedMs < windowMs && nowMs >= known.startedMs
  const window: Window = isFresh ? known : { startedMs: nowMs, counts: new Map(), together: 0 }
  if (!isFresh) windows.set(kind, window)
  const address = addressOf(request)
  const count = (window.counts.get(address) ?? 0) + 1
  if (window.counts.size < addressesMax || window.counts.has(address)) window.counts.set(address, count)
  window.together += 1
  return count > rates[kind].perAddress || window.together > rates[kind].together
}

const addressOf = (request: Request): string =>
  (request.headers.get('x-forwarded-for') ?? '').split(',')[0]?.trim().slice(0, 64) ?? ''
