/**
 * Where the chargers of a site tell each other what was spent and what the issuer said. Everything is verified before it
 * is written down, and written down before anybody hears of it.
 *
 * What a gateway does not know it cannot hold in reserve, and it cannot know what it has forgotten: its disk may be new, or
 * one that was put back. So each run of the program begins as if it knew nothing. Reserves are held once as many chargers
 * as the configuration says stand here have told this run everything that they know; until then, and where the number is
 * not configured, every grant counts as a stranger's. What contradicts itself is frozen from the first moment.
 */

import { toHex } from '@/lib/core/bytes'
import type { Random, Timers } from '@/lib/core/clock'
import type { ChargerId, GrantSerial, SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { durationMs } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { encodeNewsItem, type NewsItem } from '@/lib/protocol/news-item'
import {
  newsFromWire,
  newsToWire,
  spendProofSize,
  type ReserveCause,
  type ReserveReply,
  type SiteCall,
  type SiteReply,
} from '@/lib/roads/gateway-site-messages'
import { isCommonNews, NewsBoard } from '@/lib/sync/news-board'
import { isContradicted, isCovered, SiteBook } from '@/lib/sync/site-book'
import { verifySpendProof, type ProvenSpend, type SpendProof } from '@/lib/sync/spend-proof'
import type { TrustBook } from '@/lib/roads/door/trust-book'
import type { Log } from '../log'
import type { BookStore } from './book-store'
import { RunLog } from './run-log'

export interface BookDeskPorts {
  readonly site: SiteId
  readonly store: BookStore
  readonly trust: TrustBook
  readonly verify: Verify
  readonly random: Random
  readonly timers: Timers
  readonly log: Log
  /** How many chargers stand at the site; undefined where nobody has said. */
  readonly chargers: number | undefined
}

/** For people: figures, and serials that say nothing to them but which call to make. */
export interface BookView {
  readonly grants: number
  readonly spends: number
  readonly frozen: readonly string[]
  readonly chargers: number | undefined
  readonly isWhole: boolean
  /** What each charger brought in this run, and whether that was everything. */
  readonly tellers: ReadonlyMap<ChargerId, Teller>
}

export interface Teller {
  readonly spends: number
  readonly news: number
  readonly hasToldAll: boolean
}

const nothingTold: Teller = { spends: 0, news: 0, hasToldAll: false }

export class BookDesk {
  readonly #ports: BookDeskPorts
  readonly #book = new SiteBook()
  readonly #board: NewsBoard
  readonly #run: string
  readonly #told = new RunLog()
  readonly #tellers = new Map<ChargerId, Teller>()
  readonly #waiting = new Set<() => void>()
  readonly counts = { held: 0, absent: 0, frozen: 0, refusedProofs: 0, refusedNews: 0, news: 0 }

  constructor(ports: BookDeskPorts) {
    this.#ports = ports
    this.#run = toHex(ports.random.bytes(8))
    this.#board = new NewsBoard(ports.trust.root, ports.verify)
    this.#learnTrust()
    for (const item of ports.store.news()) if (this.#board.hear(item) === 'new') this.#tellNews(item)
    for (const proof of ports.store.spends()) {
      const spend = this.#proven(proof)
      if (spend !== undefined && this.#book.enter(spend).kind === 'new') this.#tellSpend(spend)
    }
  }

  /** Answers every watch that is open. */
  stop(): void {
    this.#wake()
  }

  get isWhole(): boolean {
    const { chargers } = this.#ports
    const count = [...this.#tellers.values()].filter(({ hasToldAll }) => hasToldAll).length
    return chargers !== undefined && count >= chargers
  }

  /** Grants and chargers' certificates that the issuer has taken back. */
  isRevoked(serial: GrantSerial): boolean {
    return this.#board.isRevoked(serial)
  }

  get view(): BookView {
    const { chargers } = this.#ports
    const { grants, spends } = this.#book
    const frozen = this.#book.contradicted()
    return { grants, spends, frozen, chargers, isWhole: this.isWhole, tellers: this.#tellers }
  }

  /** Takes what this charger tells, and says what it has not heard. Throws when the disk does. */
  async site(charger: ChargerId, call: SiteCall): Promise<SiteReply> {
    this.#learnTrust()
    // News first: a trust list among them may vouch for the rest.
    const news = this.#hear(newsFromWire(call.news))
    const spends = this.#enter(call.spends)
    const before = this.#tellers.get(charger) ?? nothingTold
    const wasWhole = this.isWhole
    const isOfThisRun = call.run === this.#run
    this.#tellers.set(charger, {
      spends: before.spends + spends,
      news: before.news + news,
      hasToldAll: before.hasToldAll || (isOfThisRun && call.isAll),
    })
    if (this.isWhole && !wasWhole) this.#ports.log('book-whole', { chargers: this.#tellers.size })
    if (news + spends > 0 || this.isWhole !== wasWhole) this.#wake()
    if (call.since === undefined) return this.#reply(undefined)
    const since = isOfThisRun ? call.since : 0
    const { waitMs = 0 } = call
    if (isOfThisRun && waitMs > 0 && !this.#told.hasAfter(since)) await this.#somethingNew(waitMs)
    return this.#reply(since)
  }

  /** Enters one spend. What is held is on the disk. */
  reserve(proof: SpendProof): ReserveReply {
    this.#learnTrust()
    const spend = this.#proven(proof)
    const standing = spend === undefined ? absent('proof') : this.#standingOf(spend)
    if (standing.standing === 'held') this.counts.held += 1
    else if (standing.standing === 'frozen') this.counts.frozen += 1
    else this.counts.absent += 1
    return standing
  }

  #standingOf(spend: ProvenSpend): ReserveReply {
    const entered = this.#enterProven(spend)
    if (entered) this.#wake()
    const page = this.#book.page(spend.serial)
    if (isContradicted(page)) return { standing: 'frozen' }
    if (!page.some(({ hash }) => hash === spend.hash)) return absent('room')
    if (!spend.sites.includes(this.#ports.site)) return absent('site')
    if (!this.isWhole) return absent('chargers')
    return isCovered(page, spend) ? { standing: 'held' } : absent('claim')
  }

  #reply(since: number | undefined): SiteReply {
    const { upTo, isMore, spends, news } =
      since === undefined ? { upTo: 0, isMore: false, spends: [], news: [] } : this.#told.after(since)
    return {
      ...{ run: this.#run, upTo, isMore, isWhole: this.isWhole },
      ...{ spends: spends.map(({ proof }) => proof), news: newsToWire(news) },
    }
  }

  /** How many of them were new. */
  #enter(proofs: readonly SpendProof[]): number {
    return proofs.filter((proof) => {
      const spend = this.#proven(proof)
      return spend !== undefined && this.#enterProven(spend)
    }).length
  }

  #proven(proof: SpendProof): ProvenSpend | undefined {
    const { trust } = this.#board
    const verified =
      trust && verifySpendProof(proof, trust, this.#ports.verify, (serial) => this.#board.isRevoked(serial))
    if (verified?.ok === true) return verified.value
    this.counts.refusedProofs += 1
    return undefined
  }

  #enterProven(spend: ProvenSpend): boolean {
    const { store, log } = this.#ports
    const wasFrozen = isContradicted(this.#book.page(spend.serial))
    if (!this.#book.hasRoom) store.keep([], this.#forgetEnded())
    const plan = this.#book.plan(spend)
    if (plan.kind === 'full') log('book-full', {})
    if (plan.kind !== 'new') return false
    // The disk first: were it to fail, nothing would have been told to anybody.
    store.keep([spend], plan.gone)
    this.#book.enter(spend)
    this.#told.forget(plan.gone)
    this.#tellSpend(spend)
    if (!wasFrozen && isContradicted(this.#book.page(spend.serial)))
      log('grant-frozen', { serial: spend.serial })
    return true
  }

  #forgetEnded() {
    const { timeS } = this.#board
    const gone = timeS === undefined ? [] : this.#book.forgetEnded(timeS)
    this.#told.forget(gone)
    return gone
  }

  #hear(items: readonly NewsItem[]): number {
    const heard = items.filter((item) => {
      if (!isCommonNews(item)) return false
      const outcome = this.#board.hear(item)
      if (outcome === 'refused') this.counts.refusedNews += 1
      if (outcome !== 'new') return false
      if (item.kind === 'trust-list') this.#ports.trust.learn(item.message)
      return true
    })
    if (heard.length === 0) return 0
    this.#ports.store.keepNews(this.#board.items)
    for (const item of heard) this.#tellNews(item)
    this.counts.news += heard.length
    return heard.length
  }

  /** The door learns the root's list from whoever comes. */
  #learnTrust(): void {
    const { bytes, list } = this.#ports.trust
    if (bytes === undefined || list === undefined || list.sequence <= (this.#board.trust?.sequence ?? -1))
      return
    const item = { kind: 'trust-list', message: bytes } as const
    if (this.#board.hear(item) === 'new') this.#tellNews(item)
  }

  #tellSpend(spend: ProvenSpend): void {
    this.#told.addSpend(spend, spendProofSize(spend.proof))
  }

  #tellNews(item: NewsItem): void {
    this.#told.addNews(item, encodeNewsItem(item).length)
    this.#told.keepNews(this.#board.items)
  }

  #somethingNew(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel()
        this.#waiting.delete(end)
        resolve()
      }
      const cancel = this.#ports.timers.after(durationMs(waitMs), end)
      this.#waiting.add(end)
      // Whoever opens more watches than a site has chargers gets the oldest of them back.
      const [oldest] = this.#waiting
      if (this.#waiting.size > 2 * limits.gatewayChargersMax) oldest?.()
    })
  }

  #wake(): void {
    for (const end of [...this.#waiting]) end()
  }
}

const absent = (cause: ReserveCause): ReserveReply => ({ standing: 'absent', cause })
