/**
 * How often one address, and everybody together, may call what costs us something before we know who calls. Counted
 * by the minute, by each server process for itself: with several processes the limits of all add up, which protects
 * each of them as it should; what must hold for good stands in the database. Where a request comes from is believed
 * only of our own proxies; without one there is no telling addresses apart, and the common limit alone holds.
 */

import { isIPv4, isIPv6 } from 'node:net'

export const rates = {
  /** Passkey ceremonies: a person needs two calls. */
  account: { perAddress: 60, together: 3_000 },
  /** What a signed-in driver's app asks for; its pages ask every few seconds. */
  person: { perAddress: 600, together: 12_000 },
  /** What anybody may read: trust lists and the state of the server, asked for by phones, chargers and probes. */
  open: { perAddress: 600, together: 30_000 },
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
export type Rate = keyof typeof rates

/** What one who is known may ask a minute, whatever address they come from. */
const knownRates = {
  /** A page of the app asks a few times a minute. */
  person: 600,
  /** A hundred people with a console open, and programs. */
  organisation: 6_000,
  /** A table of a million rows is minutes of work. */
  exports: 60,
} as const
const knownMax = 50_000

const windowMs = 60_000
const addressesMax = 10_000

interface Window {
  readonly startedMs: number
  readonly counts: Map<string, number>
  together: number
}

const windows = new Map<Rate, Window>()

const known = new Map<keyof typeof knownRates, { startedMs: number; readonly counts: Map<string, number> }>()

/** Whether somebody who is known asks once too often: no address, proxy or header changes who they are. */
export function isTooManyOf(kind: keyof typeof knownRates, who: string, nowMs: number): boolean {
  const kept = known.get(kind)
  const isFresh = kept !== undefined && nowMs - kept.startedMs < windowMs && nowMs >= kept.startedMs
  const window = isFresh ? kept : { startedMs: nowMs, counts: new Map<string, number>() }
  if (!isFresh) known.set(kind, window)
  const count = (window.counts.get(who) ?? 0) + 1
  if (window.counts.size < knownMax || window.counts.has(who)) window.counts.set(who, count)
  return count > knownRates[kind]
}

/** Whether this call is one too many. */
export function isTooMany(kind: Rate, request: Request, nowMs: number, trustedProxies = 0): boolean {
  const kept = windows.get(kind)
  const isFresh = kept !== undefined && nowMs - kept.startedMs < windowMs && nowMs >= kept.startedMs
  const window: Window = isFresh ? kept : { startedMs: nowMs, counts: new Map(), together: 0 }
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
  return sourceOf(heard.at(-trustedProxies)?.trim().slice(0, 64) ?? '')
}

/** Whoever has one IPv6 address has a /64 of them: they count as one. Undefined for what is no address at all. */
function sourceOf(address: string): string | undefined {
  const plain = address.replace(/^\[(.*)\](?::\d+)?$/, '$1')
  if (isIPv6(plain)) return prefixOf(plain)
  const [host = ''] = address.split(':')
  return isIPv4(host) ? host : undefined
}

function prefixOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last]
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
