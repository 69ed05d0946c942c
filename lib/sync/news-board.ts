/**
 * What the issuer last said to everybody at a site: trust list, revocations and the deltas since, policies, permits, the
 * time. Each message is verified by itself and replaces an older one only, so that boards that heard the same things, in
 * any order, hang out the same things. No clock: what has ended is for whoever reads it to see.
 */

import type { GrantSerial, MessageHash, PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage, type MessageType } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { policy } from '@/lib/protocol/messages/policy'
import { revocationDelta, shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import type { NewsItem, NewsKind } from '@/lib/protocol/news-item'
import { openTrustList, verifyByIssuer } from '@/lib/protocol/trust'

/** The kinds that are meant for every charger of a site; the others are for one device. */
export type CommonNewsKind = Exclude<NewsKind, 'acknowledgement' | 'charger-certificate'>
export type CommonNews = NewsItem & { readonly kind: CommonNewsKind }

export type Heard = 'new' | 'known' | 'refused'

interface Notice {
  readonly item: CommonNews
  readonly slot: string
  /** Within its slot the highest stays. */
  readonly rank: number
  readonly hash: MessageHash
  readonly timeS: EpochSeconds | undefined
}

/** The policy in force, and one that was announced. */
const policiesMax = 2

export const isCommonNews = (item: NewsItem): item is CommonNews =>
  item.kind !== 'acknowledgement' && item.kind !== 'charger-certificate'

export class NewsBoard {
  readonly #root: PublicKey
  readonly #verify: Verify
  readonly #notices = new Map<string, Notice>()
  #trust: TrustList | undefined
  #revoked: ReadonlySet<string> = new Set()

  constructor(root: PublicKey, verify: Verify) {
    this.#root = root
    this.#verify = verify
  }

  get trust(): TrustList | undefined {
    return this.#trust
  }

  /** In the order in which they depend on each other. */
  get items(): readonly CommonNews[] {
    return [...this.#notices.values()].sort(inOrder).map(({ item }) => item)
  }

  /** The latest that an issuer has said what time it is; only ever behind. */
  get timeS(): EpochSeconds | undefined {
    const times = [...this.#notices.values()].flatMap(({ timeS }) => timeS ?? [])
    return times.length === 0 ? undefined : epochSeconds(Math.max(...times))
  }

  /** Grants and chargers' certificates, by list or by what was added since. */
  isRevoked(serial: GrantSerial): boolean {
    return this.#revoked.has(serial) || this.#revoked.has(shortIdOf(serial))
  }

  hear(item: NewsItem): Heard {
    if (!isCommonNews(item)) return 'refused'
    const notice = this.#open(item)
    if (notice === undefined) return 'refused'
    const before = this.#notices.get(notice.slot)
    if (before !== undefined && !isAhead(notice, before)) return 'known'
    this.#notices.set(notice.slot, notice)
    this.#tidy()
    if (item.kind === 'revocations' || item.kind === 'revocation-delta') this.#revoked = this.#allRevoked()
    return this.#notices.get(notice.slot) === notice ? 'new' : 'known'
  }

  #open(item: CommonNews): Notice | undefined {
    switch (item.kind) {
      case 'trust-list':
        return this.#openTrust(item)
      case 'revocations':
        return this.#issued(item, revocations, ({ epoch, timeS }) => ['revocations', epoch, timeS])
      case 'revocation-delta':
        return this.#issued(item, revocationDelta, ({ fromEpoch, epoch, timeS }) => [
          `delta/${fromEpoch}`,
          epoch,
          timeS,
        ])
      case 'policy':
        return this.#issued(item, policy, ({ sequence }) => [`policy/${sequence}`, sequence, undefined])
      case 'permit':
        return this.#issued(item, permit, (said) => [permitSlot(said), said.timeS, said.timeS])
      case 'time':
        return this.#issued(item, signedTime, ({ timeS }) => ['time', timeS, timeS])
    }
  }

  #openTrust(item: CommonNews): Notice | undefined {
    const list = openTrustList(item.message, this.#root, this.#verify)
    if (list === undefined || (this.#trust !== undefined && this.#trust.operator !== list.payload.operator))
      return undefined
    const { sequence, timeS } = list.payload
    if (this.#trust === undefined || sequence > this.#trust.sequence) this.#trust = list.payload
    return { item, slot: 'trust-list', rank: sequence, hash: list.hash, timeS }
  }

  #issued<T extends { readonly operator: string; readonly timeS?: EpochSeconds | undefined }>(
    item: CommonNews,
    type: MessageType<T>,
    place: (said: T) => readonly [slot: string, rank: number, timeS: EpochSeconds | undefined],
  ): Notice | undefined {
    const trust = this.#trust
    const parsed = parseMessage(type, item.message)
    if (trust === undefined || !parsed.ok || parsed.value.payload.operator !== trust.operator)
      return undefined
    // As chargers do: by a key that was valid when it was said.
    const issued = verifyByIssuer(parsed.value, trust, parsed.value.payload.timeS, this.#verify)
    if (issued === undefined) return undefined
    const [slot, rank, timeS] = place(issued.payload)
    return { item, slot, rank, hash: issued.hash, timeS }
  }

  /** Serials of the list, and short ids of the steps after it. */
  #allRevoked(): ReadonlySet<string> {
    return new Set(
      this.items.flatMap(({ kind, message }): readonly string[] => {
        if (kind === 'revocations') {
          const list = parseMessage(revocations, message)
          return list.ok ? list.value.payload.serials : []
        }
        const delta = kind === 'revocation-delta' ? parseMessage(revocationDelta, message) : undefined
        return delta?.ok === true ? delta.value.payload.added : []
      }),
    )
  }

  /** Deltas that the whole list has overtaken, policies before the last, permits beyond the room for them. */
  #tidy(): void {
    const listed = this.#notices.get('revocations')?.rank ?? -1
    this.#keep('revocation-delta', limits.siteDeltasMax, ({ rank }) => rank > listed)
    this.#keep('policy', policiesMax)
    this.#keep('permit', limits.permitsKeptMax)
  }

  #keep(kind: CommonNewsKind, countMax: number, isWorth: (notice: Notice) => boolean = () => true): void {
    const all = [...this.#notices.values()].filter(({ item }) => item.kind === kind)
    const staying = new Set(all.filter(isWorth).sort(newestFirst).slice(0, countMax))
    for (const notice of all) if (!staying.has(notice)) this.#notices.delete(notice.slot)
  }
}

const isAhead = (notice: Notice, before: Notice): boolean =>
  notice.rank > before.rank || (notice.rank === before.rank && notice.hash < before.hash)

const newestFirst = (one: Notice, other: Notice): number =>
  other.rank - one.rank || (one.slot < other.slot ? -1 : 1)

const order: readonly CommonNewsKind[] = [
  'trust-list',
  'revocations',
  'revocation-delta',
  'policy',
  'permit',
  'time',
]

/** Deltas and policies in the order in which they build on each other. */
const inOrder = (one: Notice, other: Notice): number =>
  order.indexOf(one.item.kind) - order.indexOf(other.item.kind) ||
  one.rank - other.rank ||
  (one.slot < other.slot ? -1 : 1)

const permitSlot = ({ verdict, sessionId, serial, chargerId }: Permit): string =>
  ['permit', verdict, sessionId ?? '', serial ?? '', chargerId ?? ''].join('/')
