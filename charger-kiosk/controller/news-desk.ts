/**
 * Where the issuer's words arrive: by the charger's own road, or in a code that a phone carried. Both ways each message
 * is verified by itself, and nobody can tell afterwards which way it came but by the journal. Everything here runs
 * within a job of the shell.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import type { NewsItem, NewsKind } from '@/lib/protocol/news-item'
import { verifyByIssuer } from '@/lib/protocol/trust'
import { isLiveNonce } from '../session/offer-book'
import { adoptItem, newsItems, type NewsOutcome } from './adopt-news'
import { certificateAt, revocationEpochOf, type Knowledge, type News, type PolicyRefusal } from './knowledge'
import { policyAt } from './policy-in-force'
import { purgeLog, staleRows } from './retention'
import type { Confirmation } from './settlement'
import type { Shell } from './shell'

export interface NewsPiece {
  readonly kind: NewsKind
  readonly outcome: NewsOutcome
}

type Writes = NonNullable<Parameters<Shell['write']>[1]>

const retentionEveryS = 6 * 3_600

export class NewsDesk {
  readonly #shell: Shell
  readonly #onNew: (items: readonly NewsItem[]) => void
  #retainedAtS = 0

  /** @param onNew of what the issuer said here first, whichever way it came. */
  constructor(shell: Shell, onNew: (items: readonly NewsItem[]) => void = () => undefined) {
    this.#shell = shell
    this.#onNew = onNew
  }

  /** @param acknowledged of this log, verified and fresh: it came as the answer to a question just asked. */
  async byRoad(news: News, acknowledged?: Acknowledgement): Promise<void> {
    const shell = this.#shell
    if (acknowledged !== undefined) {
      shell.time.heardIssuer(acknowledged.timeS, true)
      shell.allowance.renew()
    }
    await this.#take(newsItems(news), acknowledged, undefined)
    await this.#takeCards(news.localList ?? [])
  }

  /**
   * The same by somebody's hands: signed as well, but said some time ago.
   * @param isNew whether it acknowledges more than was known: what is played back gives strangers nothing anew.
   */
  async byCarrier(news: News, acknowledged: Acknowledgement | undefined, isNew: boolean): Promise<void> {
    const shell = this.#shell
    if (acknowledged !== undefined) shell.time.heardIssuer(acknowledged.timeS, false)
    if (isNew) shell.allowance.renew()
    await this.#take(newsItems(news), acknowledged, undefined)
    await this.#takeCards(news.localList ?? [])
  }

  /** After everything else: the list is judged by the trust and for the site that hold now. */
  async #takeCards(parts: readonly Bytes[]): Promise<void> {
    const shell = this.#shell
    const { timeS } = shell.time.now()
    const { events, writes, refused } = shell.cards.take(parts, shell.knowledge, timeS, shell.ports.verify)
    const line = refused === undefined ? undefined : shell.allowance.refusedNews(refused)
    const told = line === undefined ? events : [...events, shell.incident('news.refused', line)]
    const all = [...writes, ...shell.cards.notePrices(shell.knowledge, timeS)]
    if (told.length > 0 || all.length > 0) await shell.write(told, all)
  }

  /** What a phone showed, in its order. */
  async byCode(items: readonly NewsItem[]): Promise<readonly NewsPiece[]> {
    return this.#take(items, undefined, items.length)
  }

  /** What another charger of the site has heard. */
  async bySite(items: readonly NewsItem[]): Promise<void> {
    await this.#take(items, undefined, undefined)
  }

  async #take(
    items: readonly NewsItem[],
    confirmation: Confirmation | undefined,
    carried: number | undefined,
  ): Promise<readonly NewsPiece[]> {
    const shell = this.#shell
    const before = this.#offered()
    const knownBefore = shell.knowledge
    const pieces: NewsPiece[] = []
    const events: JournalEvent[] = []
    const writes: Writes[number][] = []
    let confirmed = confirmation
    for (const item of items) {
      const taken = this.#takeOne(item)
      pieces.push({ kind: item.kind, outcome: taken.outcome })
      writes.push(...(taken.writes ?? []))
      confirmed = taken.confirmation ?? confirmed
      const incident = this.#refusedLine(taken)
      if (incident !== undefined) events.push(incident)
    }
    const isCarriedNews = carried !== undefined && pieces.some(({ outcome }) => outcome === 'new')
    if (shell.knowledge !== knownBefore || isCarriedNews)
      events.push(newsEvent(shell.knowledge, shell.time.now().timeS, carried))
    await this.settle(confirmed, events, writes)
    await shell.refreshClosed()
    if (this.#offered() !== before) await shell.dispatchToAll({ kind: 'offer-stale' })
    const heard = items.filter((_item, index) => pieces[index]?.outcome === 'new')
    if (heard.length > 0) this.#onNew(heard)
    return pieces
  }

  #takeOne(item: NewsItem): Taken {
    if (item.kind === 'time') return this.#takeTime(item.message)
    if (item.kind === 'acknowledgement') return this.#takeAcknowledgement(item.message)
    const shell = this.#shell
    const { verify } = shell.ports
    const context = { nowS: shell.time.now().timeS, verify, ownKeys: shell.keys.publicKeys }
    const adopted = adoptItem(shell.knowledge, { kind: item.kind, message: item.message }, context)
    shell.knowledge = adopted.knowledge
    if (adopted.issuedAtS !== undefined) shell.time.heardIssuer(adopted.issuedAtS, false)
    const { outcome, writes, why, unsound } = adopted
    return {
      outcome,
      writes,
      ...(why === undefined ? {} : { why }),
      ...(unsound === undefined ? {} : { unsound }),
    }
  }

  /** What strangers show is bounded; what the issuer itself got wrong is said once, whoever brings it again. */
  #refusedLine({ why, unsound }: Taken): JournalEvent | undefined {
    const shell = this.#shell
    if (unsound !== undefined)
      return shell.policies.noteRefused(unsound) ? shell.incident('policy.refused', unsound.why) : undefined
    const line = why === undefined ? undefined : shell.allowance.refusedNews(why)
    return line === undefined ? undefined : shell.incident('news.refused', line)
  }

  /** For a nonce of an offer that is still good it is fresh; any other only bounds the time from below. */
  #takeTime(bytes: Uint8Array): Taken {
    const shell = this.#shell
    const { knowledge, ports, offers } = shell
    const parsed = parseMessage(signedTime, bytes)
    const issued = parsed.ok ? this.#byIssuer(parsed.value, parsed.value.payload.timeS) : undefined
    if (issued?.payload.operator !== knowledge.trustList.payload.operator)
      return refused('a time that no trusted issuer signed')
    const { nonce, timeS } = issued.payload
    if (isLiveNonce(offers, nonce, ports.clock.monotonicMs())) {
      shell.time.heardProvedTime(timeS)
      return { outcome: 'new' }
    }
    shell.time.heardIssuer(timeS, false)
    return { outcome: 'known' }
  }

  /** The same that a road brings: of this device and this log, or no news. */
  #takeAcknowledgement(bytes: Uint8Array): Taken {
    const shell = this.#shell
    const { journal } = shell.ports
    const parsed = parseMessage(acknowledgement, bytes)
    const issued = parsed.ok ? this.#byIssuer(parsed.value, parsed.value.payload.timeS) : undefined
    if (issued === undefined) return refused('an acknowledgement that no trusted issuer signed')
    const { device, epoch, timeS } = issued.payload
    shell.time.heardIssuer(timeS, false)
    if (device !== journal.device || epoch < journal.epoch) return { outcome: 'known' }
    const outcome = journal.acknowledge(issued)
    if (!outcome.ok) {
      shell.ports.log?.('acknowledgement-lost', { cause: outcome.error.cause })
      return { outcome: 'known' }
    }
    const isNew = outcome.value.kind === 'advanced' || outcome.value.kind === 'epoch-started'
    if (isNew) shell.allowance.renew()
    // One that is known by its size may confirm more than it did.
    return { outcome: isNew ? 'new' : 'known', confirmation: issued.payload }
  }

  #byIssuer<T>(
    message: Parameters<typeof verifyByIssuer<T>>[0],
    atS: EpochSeconds,
  ): VerifiedMessage<T> | undefined {
    const { knowledge, ports } = this.#shell
    return verifyByIssuer(message, knowledge.trustList.payload, atS, ports.verify)
  }

  /** Money that the issuer's words confirm, and what nobody can ask for any more. */
  async settle(
    confirmation: Confirmation | undefined,
    events: readonly JournalEvent[] = [],
    writes: Writes = [],
  ): Promise<void> {
    const shell = this.#shell
    const settled = shell.books.prepareSettled(confirmation)
    const { timeS, clockQuality } = shell.time.now()
    // A clock that jumped ahead must not throw away what is still young.
    const isDue = clockQuality !== 'unknown' && timeS - this.#retainedAtS >= retentionEveryS
    const isSettled = (id: string): boolean => !shell.books.isAtStake(id)
    const stale = isDue ? staleRows(shell.ports.journal, shell.time.floorS, isSettled) : []
    const all = [...writes, ...settled, ...stale]
    if (events.length > 0 || all.length > 0) await shell.write(events, all)
    if (!isDue) return
    this.#retainedAtS = timeS
    const purged = purgeLog(shell.ports.journal, timeS)
    if (!purged.ok) shell.ports.log?.('purge-failed', { cause: purged.error.cause })
  }

  /** What a fresh offer would say otherwise than the last one. */
  #offered(): string {
    const { knowledge, time } = this.#shell
    const { timeS, clockQuality } = time.now()
    return [
      policyAt(knowledge, timeS)?.sequence,
      knowledge.nextPolicy?.payload.sequence,
      revocationEpochOf(knowledge),
      certificateAt(knowledge, timeS).hash,
      clockQuality,
    ].join('/')
  }
}

interface Taken {
  readonly outcome: NewsOutcome
  readonly writes?: Writes
  readonly confirmation?: Confirmation
  readonly why?: string
  readonly unsound?: PolicyRefusal
}

const refused = (why: string): Taken => ({ outcome: 'refused', why })

const newsEvent = (knowledge: Knowledge, timeS: EpochSeconds, carried: number | undefined): JournalEvent => ({
  kind: 'news',
  timeS,
  policySequence: (knowledge.nextPolicy ?? knowledge.policy)?.payload.sequence ?? 0,
  revocationEpoch: revocationEpochOf(knowledge),
  trustSequence: knowledge.trustList.payload.sequence,
  ...(carried === undefined ? {} : { carried }),
})
