/**
 * How often one address, and everybody together, may call what costs us something before we know who calls. Counted
 * by the minute, by each server process for itself: with several processes the limits of all add up, which protects
 * each of them as it should; what must hold for good stands in the database. Where a request comes from is believed
 * only of our own proxies; without one there is no telling addresses apart, and the common limit alone holds.
 */

export const rates = {
  /** Passkey ceremonies: a person needs two calls. */
  account: { perAddress: 60, together: 3_000 },
  /** A console asks every few seconds; programs with keys as they need. */
  console: { perAddress: 1_200, together: 12_000 },
  /** One-time codes of 80 random bits: guessing is hopeless, trying is cheap. */
  codes: { perAddress: 30, together: 1_000 },
  /** Recovery codes: a person types one. Together so few that 80 random bits outlast the sun. */
  recovery: { perAddress: 10, together: 300 },
  /** Beginning a payment, and asking every few seconds how it stands. */
  payments: { perAddress: 120, together: 3_000 },
  /** A card provider calls from few addresses, in bursts after an outage. */
  webhooks: { perAddress: 3_000, together: 6_000 },
  /** Reports and bundles cost signature checks. */
  evidence: { perAddress: 1_200, together: 12_000 },
  /** One signature of ours for each driver at a charger with a lost clock. */
  time: { perAddress: 120, together: 6_000 },
  /** A raise is asked for once at a charger. */
  raise: { perAddress: 30, together: 3_000 },
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
export function isTooMany(
  kind: keyof typeof rates,
  request: Request,
  nowMs: number,
  trustedProxies = 0,
): boolean {
  const known = windows.get(kind)
  const isFresh = known !== undefined && nowMs - known.startedMs < windowMs && nowMs >= known.startedMs
  const window: Window = isFresh ? known : { startedMs: nowMs, counts: new Map(), together: 0 }
  if (!isFresh) windows.set(kind, window)
  window.together += 1
  const isBeyondCommon = window.together > rates[kind].together
  const address = addressOf(request, trustedProxies)
  if (address === undefined) return isBeyondCommon
  const count = (window.counts.get(address) ?? 0) + 1
  if (window.counts.size < addressesMax || window.counts.has(address)) window.counts.set(address, count)
  return isBeyondCommon || count > rates[kind].perAddress
}

/** Each proxy appends whom it heard; everything before what ours appended may be made up by the caller. */
function addressOf(request: Request, trustedProxies: number): string | undefined {
  if (trustedProxies === 0) return undefined
  const heard = (request.headers.get('x-forwarded-for') ?? '').split(',')
  return heard.at(-trustedProxies)?.trim().slice(0, 64)
}
