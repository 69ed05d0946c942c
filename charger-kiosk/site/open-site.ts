/** What this charger has of its site when there is a gateway: a copy of the book, a reserve, and the way to the others. */

import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { GatewayLine } from '@/lib/roads/gateway-line'
import type { NewsItem } from '@/lib/protocol/news-item'
import { isCommonNews, NewsBoard } from '@/lib/sync/news-board'
import { verifySpendProof, type ProvenSpend, type SpendProof } from '@/lib/sync/spend-proof'
import { durable } from '../controller/durable'
import { newsItems } from '../controller/adopt-news'
import { everTrustedBy, isRevoked, type Knowledge } from '../controller/knowledge'
import type { NewsDesk } from '../controller/news-desk'
import type { Shell } from '../controller/shell'
import type { SiteReserve } from '../session/site-reserve'
import { gatewayReserve } from './gateway-reserve'
import { Releases } from './releases'
import type { SiteCopy, Write } from './site-copy'
import { SiteLoop, type SiteStanding } from './site-loop'

type SiteLine = Pick<GatewayLine, 'site' | 'reserve'>

export interface Site {
  readonly reserve: SiteReserve
  readonly standing: SiteStanding
  /** The issuer said something to this charger that all may need. */
  heard(news: readonly NewsItem[]): void
  start(): void
  nudge(): void
  stop(): Promise<void>
}

export const openSite = (shell: Shell, line: SiteLine, news: NewsDesk, copy: SiteCopy): Site =>
  new ChargerSite(shell, line, news, copy)

class ChargerSite implements Site {
  readonly reserve: SiteReserve
  readonly #shell: Shell
  readonly #news: NewsDesk
  readonly #copy: SiteCopy
  readonly #loop: SiteLoop
  readonly #releases: Releases
  /** Of this run: deltas as they were signed, which the journal keeps only by what they add. */
  readonly #board: NewsBoard
  #isReleasing = false

  constructor(shell: Shell, line: SiteLine, news: NewsDesk, copy: SiteCopy) {
    this.#shell = shell
    this.#news = news
    this.#copy = copy
    const { timers, random, verify, log } = shell.ports
    const trust = () => everTrustedBy(shell.knowledge)
    this.#board = new NewsBoard(shell.knowledge.root, verify)
    let isLost = false
    this.#loop = new SiteLoop({
      ...{ line, timers, random },
      adopt: (proofs, told) => this.#adopt(proofs, told),
      everySpend: () => copy.book.all(),
      standingNews: () => {
        for (const item of standingNews(shell.knowledge)) this.#board.hear(item)
        return this.#board.items
      },
      // What offers say of it is not true any more.
      onChange: () => void shell.run(() => shell.dispatchToAll({ kind: 'offer-stale' })),
      onFault: (code, detail) => {
        // Said once, and again only after it was there.
        if (!isLost || this.#loop.standing !== 'lost') log?.('site-lost', { code, detail })
        isLost = true
      },
    })
    this.#releases = new Releases({
      ...{ books: shell.books, offers: () => shell.offers, trust, verify },
      certificateOf: (key) => {
        const { certificate, renewed } = shell.knowledge
        const own = [certificate, renewed].find((one) => one !== undefined && one.payload.key === key)
        return (own ?? certificate).bytes
      },
    })
    this.reserve = gatewayReserve({
      ...{ line, copy, timers, trust, verify },
      isWhole: () => this.#loop.standing === 'whole',
      onSilence: () => this.#loop.silent(),
      onEntered: (spend) => {
        this.#releases.entered(spend)
        this.#loop.tell([spend])
      },
    })
  }

  get standing(): SiteStanding {
    return this.#loop.standing
  }

  start(): void {
    this.#releases.resume(this.#copy.book.all())
    this.#shell.onChange(() => this.#look())
    this.#loop.start()
  }

  heard(news: readonly NewsItem[]): void {
    for (const item of [...standingNews(this.#shell.knowledge), ...news]) this.#board.hear(item)
    this.#loop.tell([], news.filter(isCommonNews))
  }

  nudge(): void {
    this.#loop.nudge()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  /** Throws when the disk does. */
  async #adopt(proofs: readonly SpendProof[], told: readonly NewsItem[]): Promise<readonly ProvenSpend[]> {
    const shell = this.#shell
    // A trust list among the news may vouch for the rest.
    if (told.length > 0) await shell.run(() => this.#news.bySite(told.filter(isCommonNews)))
    const proven = proofs.flatMap((proof) => {
      const { knowledge, ports } = shell
      const verified = verifySpendProof(proof, everTrustedBy(knowledge), ports.verify, (serial) =>
        isRevoked(knowledge, serial),
      )
      return verified.ok ? [verified.value] : []
    })
    if (proven.length > 0) await shell.run(() => this.#enter(proven))
    return proven
  }

  /** Within a job. */
  async #enter(spends: readonly ProvenSpend[]): Promise<void> {
    const shell = this.#shell
    const writes: Write[] = [...this.#copy.forgetEnded(issuerTimeS(shell.knowledge))]
    const frozen: string[] = []
    for (const spend of spends) {
      const entered = this.#copy.enter(spend)
      writes.push(...entered.writes)
      if (entered.hasFrozen) frozen.push(spend.serial)
    }
    const events = frozen.map((serial) => shell.incident('site.frozen', `grant ${serial}`))
    if (events.length + writes.length > 0) durable(await shell.write(events, writes))
  }

  /** What has ended since is told, once it is on the disk. */
  #look(): void {
    if (this.#isReleasing) return
    const over = this.#releases.take()
    if (over.length === 0) return
    this.#isReleasing = true
    this.#shell
      .run(() => this.#enter(over))
      .then(() => this.#loop.tell(over))
      .catch((error: unknown) => this.#shell.ports.log?.('site-failed', { detail: String(error) }))
      .finally(() => (this.#isReleasing = false))
  }
}

/** What an issuer has said the time is: a clock that runs ahead makes nobody forget what was spent. */
const issuerTimeS = ({ trustList, revocations }: Knowledge): EpochSeconds =>
  epochSeconds(Math.max(trustList.payload.timeS, revocations.payload.timeS))

/** Each as it was signed; what deltas added before this run cannot be told apart any more, and is not passed on. */
const standingNews = (knowledge: Knowledge): readonly NewsItem[] =>
  newsItems({
    trustList: knowledge.trustList.bytes,
    revocations: knowledge.revocations.bytes,
    policy: knowledge.policy?.bytes,
    nextPolicy: knowledge.nextPolicy?.bytes,
    permits: [...knowledge.permits.values()].map(({ bytes }) => bytes),
  })
