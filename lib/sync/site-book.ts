/**
 * What the devices of a site know together of every grant's spends. Books merge by union, in any order and any number of
 * times, to the same book; what contradicts itself stays contradicted, whatever comes besides. No clock, no disk: whoever
 * keeps a book writes down what `enter` says has changed.
 */

import { concat, fromHex, toHex } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { addSeconds, type EpochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import type { ProvenSpend } from './spend-proof'
import { isForked, mergeSpentBy, type SpentList } from './spent-list'

/** Everything that is known of one grant. */
export type Page = SpentList<ProvenSpend>

export type Entered =
  /** `gone`: what stood in its place, or has become superfluous beside it. */
  | { readonly kind: 'new'; readonly gone: readonly MessageHash[] }
  | { readonly kind: 'known' }
  /** No room until grants have ended. */
  | { readonly kind: 'full' }

/** One digest a grant: what differs is what somebody else does not know. */
export type SiteSummary = ReadonlyMap<GrantSerial, string>

/** As long as holds outlive a grant (docs/protocol, risk limits). */
const keptAfterEndS = 30 * 86_400

export class SiteBook {
  readonly #pages = new Map<GrantSerial, Page>()
  readonly #spendsMax: number
  #spends = 0

  constructor(spendsMax: number = limits.siteBookSpendsMax) {
    this.#spendsMax = spendsMax
  }

  get spends(): number {
    return this.#spends
  }

  get grants(): number {
    return this.#pages.size
  }

  page(serial: GrantSerial): Page {
    return this.#pages.get(serial) ?? []
  }

  all(): readonly ProvenSpend[] {
    return [...this.#pages.values()].flat()
  }

  /** Grants that nobody at the site may spend from. */
  contradicted(): readonly GrantSerial[] {
    return [...this.#pages].filter(([, page]) => isContradicted(page)).map(([serial]) => serial)
  }

  get hasRoom(): boolean {
    return this.#spends < this.#spendsMax
  }

  /** What `enter` would do: whoever keeps the book on a disk writes that down first. */
  plan(spend: ProvenSpend): Entered {
    return this.#planned(spend).entered
  }

  enter(spend: ProvenSpend): Entered {
    const { entered, after } = this.#planned(spend)
    if (entered.kind !== 'new') return entered
    this.#spends += after.length - this.page(spend.serial).length
    this.#pages.set(spend.serial, after)
    return entered
  }

  #planned(spend: ProvenSpend): { readonly entered: Entered; readonly after: Page } {
    const before = this.page(spend.serial)
    const known = before.find(({ hash }) => hash === spend.hash)
    if (known === undefined && !this.hasRoom) return { entered: { kind: 'full' }, after: before }
    const after = mergeSpentBy(before, [spend], better)
    if (known === spend || !after.includes(spend)) return { entered: { kind: 'known' }, after: before }
    const gone = before.filter((one) => !after.includes(one)).map(({ hash }) => hash)
    return { entered: { kind: 'new', gone }, after }
  }

  /** @param timeS that an issuer has said: by a clock of its own nobody forgets what was spent. */
  forgetEnded(timeS: EpochSeconds): readonly MessageHash[] {
    const gone: MessageHash[] = []
    for (const [serial, page] of this.#pages) {
      if (!page.every(({ notAfterS }) => addSeconds(notAfterS, keptAfterEndS) < timeS)) continue
      this.#pages.delete(serial)
      this.#spends -= page.length
      gone.push(...page.map(({ hash }) => hash))
    }
    return gone
  }

  summary(): SiteSummary {
    return new Map([...this.#pages].map(([serial, page]) => [serial, digestOf(page)]))
  }

  /** What whoever has this summary may not know. */
  missing(theirs: SiteSummary): readonly ProvenSpend[] {
    return [...this.#pages]
      .filter(([serial, page]) => theirs.get(serial) !== digestOf(page))
      .flatMap(([, page]) => page)
  }
}

/** What is over beats what is held; of two bills the dearer counts, because both are signed. */
function better(one: ProvenSpend, other: ProvenSpend): ProvenSpend {
  if (one.billedMinor === undefined || other.billedMinor === undefined)
    return other.billedMinor === undefined ? one : other
  if (one.billedMinor !== other.billedMinor) return one.billedMinor > other.billedMinor ? one : other
  return releaseDigest(one) <= releaseDigest(other) ? one : other
}

const releaseDigest = ({ proof: { release } }: ProvenSpend): string =>
  release === undefined ? '' : toHex(sha256(concat(release.verdict, release.offer, release.certificate)))

const digestOf = (page: Page): string =>
  toHex(
    sha256(
      concat(...page.flatMap((spend) => [fromHex(spend.hash), sha256(fromHex(releaseDigest(spend)))])),
    ).subarray(0, 8),
  )

/**
 * Whether these authorizations cannot all come from one honest wallet (docs/protocol, rule 3): two with one seq, sums that
 * fall or break the cap, a chain that does not link. More spends never make it untrue.
 */
export function isContradicted(page: Page): boolean {
  return isForked(page) || page.some((spend, index) => isLie(spend, page[index - 1]))
}

function isLie(spend: ProvenSpend, before: ProvenSpend | undefined): boolean {
  const { seq, grossMinor, releasedMinor, holdMinor, capMinor, previous, grantHash } = spend
  if (grossMinor - releasedMinor > capMinor || grossMinor < holdMinor || releasedMinor > grossMinor)
    return true
  if (seq === 1) return previous !== grantHash || grossMinor !== holdMinor || releasedMinor !== 0
  if (before === undefined) return false
  if (seq === before.seq + 1 && previous !== before.hash) return true
  return grossMinor < before.grossMinor + holdMinor || releasedMinor < before.releasedMinor
}

/**
 * Whether the spend leaves untouched what the site knows to be held or billed of its grant. A wallet that says otherwise
 * may know of a release that has not come here yet; so that is no contradiction, and no reserve either.
 */
export function isCovered(page: Page, spend: ProvenSpend): boolean {
  const standing = page
    .filter(({ seq }) => seq <= spend.seq)
    .reduce((sum, { billedMinor, holdMinor }) => sum + (billedMinor ?? holdMinor), 0)
  return spend.grossMinor - spend.releasedMinor >= standing
}
