/** What an invoice says, as it is kept. Pure: from what moved in a month, session by session, to lines and sums. */

import type { Locale } from '@/lib/format/locale'

export interface Seller {
  readonly name: string
  readonly address: readonly string[]
  readonly taxId: string
}

export interface Buyer {
  readonly name: string
  readonly address: readonly string[]
  readonly vatId: string | null
  readonly orderReference: string | null
}

/** `settled`: the first receipt of a session. The others change what stood before, and may take away. */
export const entryKinds = ['settled', 'corrected', 'upheld', 'refunded', 'other'] as const
export type EntryKind = (typeof entryKinds)[number]

/** What moved for one session in the month, one way of moving it. Positive: from the fleet to the operator. */
export interface MonthEntry {
  readonly kind: EntryKind
  readonly rateBasisPoints: number
  readonly netMinor: number
  readonly taxMinor: number
  readonly site: string
  readonly energyWh: number
}

interface Line {
  readonly rateBasisPoints: number
  readonly sessions: number
  readonly netMinor: number
  readonly taxMinor: number
}

export interface SiteLine extends Line {
  /** Empty: nobody has said where. */
  readonly site: string
  readonly energyWh: number
}

export interface CorrectionLine extends Line {
  readonly kind: EntryKind
}

export interface InvoiceLines {
  readonly sites: readonly SiteLine[]
  readonly corrections: readonly CorrectionLine[]
}

export interface InvoiceDocument extends InvoiceLines {
  readonly seller: Seller
  readonly buyer: Buyer
  readonly locale: Locale
  /** Given in the month; it is no revenue and changes none. */
  readonly goodwillMinor: number
}

export interface RateLine {
  readonly rateBasisPoints: number
  readonly netMinor: number
  readonly taxMinor: number
}

/** Takes any number of entries and keeps only their lines. */
export class LineSums {
  readonly #sites = new Map<string, SiteLine>()
  readonly #corrections = new Map<string, CorrectionLine>()

  add({ kind, site, energyWh, rateBasisPoints, netMinor, taxMinor }: MonthEntry): void {
    const key = `${rateBasisPoints} ${kind === 'settled' ? site : kind}`
    const line = { rateBasisPoints, sessions: 1, netMinor, taxMinor }
    if (kind === 'settled') {
      const before = this.#sites.get(key)
      this.#sites.set(key, {
        ...{ site, energyWh: energyWh + (before?.energyWh ?? 0) },
        ...sumOf(line, before),
      })
    } else this.#corrections.set(key, { kind, ...sumOf(line, this.#corrections.get(key)) })
  }

  get isEmpty(): boolean {
    return this.#sites.size === 0 && this.#corrections.size === 0
  }

  lines(): InvoiceLines {
    return {
      sites: [...this.#sites.values()].sort(
        (left, right) => byText(left.site, right.site) || right.rateBasisPoints - left.rateBasisPoints,
      ),
      corrections: [...this.#corrections.values()].sort(
        (left, right) =>
          entryKinds.indexOf(left.kind) - entryKinds.indexOf(right.kind) ||
          right.rateBasisPoints - left.rateBasisPoints,
      ),
    }
  }
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const sumOf = (line: Line, before: Line | undefined): Line => ({
  rateBasisPoints: line.rateBasisPoints,
  sessions: line.sessions + (before?.sessions ?? 0),
  netMinor: line.netMinor + (before?.netMinor ?? 0),
  taxMinor: line.taxMinor + (before?.taxMinor ?? 0),
})

/** Highest rate first. */
export function ratesOf({ sites, corrections }: InvoiceLines): readonly RateLine[] {
  const rates = new Map<number, RateLine>()
  for (const { rateBasisPoints, netMinor, taxMinor } of [...sites, ...corrections]) {
    const before = rates.get(rateBasisPoints)
    rates.set(rateBasisPoints, {
      rateBasisPoints,
      netMinor: netMinor + (before?.netMinor ?? 0),
      taxMinor: taxMinor + (before?.taxMinor ?? 0),
    })
  }
  return [...rates.values()].sort((left, right) => right.rateBasisPoints - left.rateBasisPoints)
}

export interface InvoiceSums {
  readonly netMinor: number
  readonly taxMinor: number
  readonly sessions: number
  readonly energyWh: number
}

export const sumsOf = ({ sites, corrections }: InvoiceLines): InvoiceSums => {
  const lines = [...sites, ...corrections]
  return {
    netMinor: lines.reduce((sum, { netMinor }) => sum + netMinor, 0),
    taxMinor: lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0),
    sessions: sites.reduce((sum, { sessions }) => sum + sessions, 0),
    energyWh: sites.reduce((sum, { energyWh }) => sum + energyWh, 0),
  }
}
