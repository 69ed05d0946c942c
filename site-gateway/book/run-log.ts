/**
 * What this run of the gateway knows, in the order in which it learned it: chargers read on from where they are. Numbers
 * are never used twice within a run, and what has been replaced is left out. Pure but for what it remembers.
 */

import type { MessageHash } from '@/lib/core/ids'
import type { NewsItem } from '@/lib/protocol/news-item'
import { firstFitting } from '@/lib/roads/gateway-site-messages'
import type { ProvenSpend } from '@/lib/sync/spend-proof'

type Entry = { readonly at: number; readonly size: number } & (
  { readonly kind: 'spend'; readonly spend: ProvenSpend } | { readonly kind: 'news'; readonly item: NewsItem }
)

export interface Told {
  readonly upTo: number
  readonly isMore: boolean
  readonly spends: readonly ProvenSpend[]
  readonly news: readonly NewsItem[]
}

export class RunLog {
  /** By number, rising. */
  #entries: Entry[] = []
  #last = 0

  /** What it replaces is forgotten first. */
  addSpend(spend: ProvenSpend, size: number): void {
    this.#entries.push({ at: this.#next(), size, kind: 'spend', spend })
  }

  addNews(item: NewsItem, size: number): void {
    this.#entries.push({ at: this.#next(), size, kind: 'news', item })
  }

  forget(hashes: readonly MessageHash[]): void {
    if (hashes.length === 0) return
    const gone = new Set(hashes)
    this.#entries = this.#entries.filter((entry) => entry.kind !== 'spend' || !gone.has(entry.spend.hash))
  }

  /** Only these are still news. */
  keepNews(items: readonly NewsItem[]): void {
    const staying = new Set(items.map(({ message }) => message))
    this.#entries = this.#entries.filter((entry) => entry.kind !== 'news' || staying.has(entry.item.message))
  }

  hasAfter(since: number): boolean {
    return (this.#entries.at(-1)?.at ?? 0) > since
  }

  /** As much as one reply carries. */
  after(since: number): Told {
    const next = this.#entries.slice(this.#firstAfter(since))
    const { taken } = firstFitting(next, ({ size }) => size)
    const isMore = taken.length < next.length
    return {
      upTo: taken.at(-1)?.at ?? since,
      isMore,
      spends: taken.flatMap((entry) => (entry.kind === 'spend' ? [entry.spend] : [])),
      news: taken.flatMap((entry) => (entry.kind === 'news' ? [entry.item] : [])),
    }
  }

  #next(): number {
    this.#last += 1
    return this.#last
  }

  #firstAfter(since: number): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((this.#entries[middle]?.at ?? 0) > since) high = middle
      else low = middle + 1
    }
    return low
  }
}
