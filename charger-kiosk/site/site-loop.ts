/**
 * Tells the gateway what this charger knows of the site, and watches what the others tell. The watch is a question that the
 * gateway holds open, so that news are here as soon as they are there. It holds no truth of its own: each run of a gateway
 * is read from its beginning, and told what it lacks.
 */

import type { CancelTimer, Random, Timers } from '@/lib/core/clock'
import type { MessageHash } from '@/lib/core/ids'
import { durationMs } from '@/lib/core/units'
import type { NewsItem } from '@/lib/protocol/news-item'
import { encodeNewsItem } from '@/lib/protocol/news-item'
import type { GatewayLine } from '@/lib/roads/gateway-line'
import {
  firstFitting,
  newsFromWire,
  newsToWire,
  siteWaitMsMax,
  spendProofSize,
  type SiteReply,
} from '@/lib/roads/gateway-site-messages'
import { limits } from '@/lib/core/limits'
import type { ProvenSpend, SpendProof } from '@/lib/sync/spend-proof'

export interface SiteLoopPorts {
  readonly line: Pick<GatewayLine, 'site'>
  readonly timers: Timers
  readonly random: Random
  /** Verifies, writes down and acts on what others told. Gives those that anybody vouches for. */
  readonly adopt: (
    proofs: readonly SpendProof[],
    news: readonly NewsItem[],
  ) => Promise<readonly ProvenSpend[]>
  readonly everySpend: () => readonly ProvenSpend[]
  /** What the issuer last said to this charger and is meant for all. */
  readonly standingNews: () => readonly NewsItem[]
  readonly onFault: (code: string, detail: string) => void
  /** Reserves are held from now on, or are no more. */
  readonly onChange: () => void
}

/** `lost`: the gateway does not answer. `part`: it does, and not every charger has told it everything. */
export type SiteStanding = 'lost' | 'part' | 'whole'

const firstPauseMs = 500
const longestPauseMs = 15_000

export class SiteLoop {
  readonly #ports: SiteLoopPorts
  #standing: SiteStanding = 'lost'
  #run: string | undefined
  #since = 0
  /** What this run has said, and whether as something that is over: the rest is what it lacks. */
  #said = new Map<MessageHash, boolean>()
  #isCaughtUp = false
  #hasToldAll = false
  readonly #spends = new Map<MessageHash, ProvenSpend>()
  #news: NewsItem[] = []
  #failures = 0
  #isStopped = true
  #watching: Promise<void> | undefined
  #telling: Promise<void> | undefined
  #endPause: () => void = () => undefined

  constructor(ports: SiteLoopPorts) {
    this.#ports = ports
  }

  get standing(): SiteStanding {
    return this.#standing
  }

  start(): void {
    this.#isStopped = false
    this.#watching = this.#watch()
  }

  /** The line is to be closed before, because it may hold a question open. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#endPause()
    await Promise.all([this.#watching, this.#telling])
  }

  /** The network has changed: does not wait for the next try. */
  nudge(): void {
    this.#failures = 0
    this.#endPause()
  }

  /** It did not answer a driver in time: nobody else waits for it until it is heard again. */
  silent(): void {
    this.#turn('lost')
  }

  tell(spends: readonly ProvenSpend[], news: readonly NewsItem[] = []): void {
    for (const spend of spends) this.#spends.set(spend.hash, spend)
    // Everything is told anyway to a run that is still being read.
    if (this.#isCaughtUp) this.#news.push(...news)
    this.#tellSoon()
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const asked = await this.#ports.line.site({
        ...(this.#run === undefined ? {} : { run: this.#run }),
        since: this.#since,
        ...{ spends: [], news: [], isAll: false },
        ...(this.#isCaughtUp ? { waitMs: siteWaitMsMax } : {}),
      })
      if (this.#isStopped) return
      try {
        if (asked.ok) {
          await this.#takeIn(asked.value)
          this.#failures = 0
          continue
        }
        this.#ports.onFault(asked.error.code, asked.error.detail)
      } catch (error) {
        // The disk: what was told comes again.
        this.#ports.onFault('charger.storage', String(error))
      }
      this.#turn('lost')
      this.#failures += 1
      await this.#pause()
    }
  }

  async #takeIn(reply: SiteReply): Promise<void> {
    if (reply.run !== this.#run) this.#beginWith(reply.run)
    const proven = await this.#ports.adopt(reply.spends, newsFromWire(reply.news))
    this.#since = reply.upTo
    for (const { hash, billedMinor } of proven) {
      if (!this.#isCaughtUp) this.#said.set(hash, billedMinor !== undefined)
    }
    if (!this.#isCaughtUp && !reply.isMore) this.#caughtUp()
    this.#heard(reply)
    this.#tellSoon()
  }

  #beginWith(run: string): void {
    this.#run = run
    this.#said = new Map()
    this.#isCaughtUp = false
    this.#hasToldAll = false
  }

  #caughtUp(): void {
    this.#isCaughtUp = true
    this.#spends.clear()
    for (const spend of this.#ports.everySpend()) {
      const isOver = this.#said.get(spend.hash)
      if (isOver === undefined || (!isOver && spend.billedMinor !== undefined))
        this.#spends.set(spend.hash, spend)
    }
    this.#said = new Map()
    this.#news = [...this.#ports.standingNews()]
  }

  #heard({ run, isWhole }: SiteReply): void {
    if (run === this.#run && this.#isCaughtUp) this.#turn(isWhole ? 'whole' : 'part')
  }

  #turn(standing: SiteStanding): void {
    const hasChanged = (standing === 'whole') !== (this.#standing === 'whole')
    this.#standing = standing
    if (hasChanged) this.#ports.onChange()
  }

  #tellSoon(): void {
    if (this.#isStopped || !this.#isCaughtUp || this.#telling !== undefined) return
    this.#telling = this.#tellAll().finally(() => (this.#telling = undefined))
  }

  async #tellAll(): Promise<void> {
    while (!this.#isStopped && this.#isCaughtUp) {
      const run = this.#run
      if (this.#spends.size === 0 && this.#news.length === 0 && this.#hasToldAll) return
      const news = firstFitting(this.#news, (item) => encodeNewsItem(item).length)
      const room = limits.siteCallBytesMax - news.bytes
      const spends = firstFitting([...this.#spends.values()], ({ proof }) => spendProofSize(proof), room)
      const isAll = spends.taken.length === this.#spends.size && news.taken.length === this.#news.length
      const asked = await this.#ports.line.site({
        ...(run === undefined ? {} : { run }),
        spends: spends.taken.map(({ proof }) => proof),
        news: newsToWire(news.taken),
        isAll,
      })
      // Where nobody answers, or another run does, the watch finds out, and what to tell is seen anew.
      if (!asked.ok || asked.value.run !== run || this.#run !== run) return
      this.#news = this.#news.filter((item) => !news.taken.includes(item))
      for (const spend of spends.taken)
        if (this.#spends.get(spend.hash) === spend) this.#spends.delete(spend.hash)
      this.#hasToldAll ||= isAll
      this.#heard(asked.value)
    }
  }

  #pause(): Promise<void> {
    const [byte = 0] = this.#ports.random.bytes(1)
    const mostMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures, 10))
    return new Promise((resolve) => {
      const cancel: CancelTimer = this.#ports.timers.after(
        durationMs(Math.ceil(mostMs * (0.5 + byte / 512))),
        () => this.#endPause(),
      )
      this.#endPause = () => {
        cancel()
        this.#endPause = () => undefined
        resolve()
      }
    })
  }
}
