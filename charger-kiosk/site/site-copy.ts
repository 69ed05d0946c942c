/**
 * The site's book as far as this charger knows it: its own spends and what others have told, in rows beside the journal. It
 * outlives every gateway, and teaches the next one.
 */

import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { journalFault, type Journal, type JournalFault, type ProjectionWrite } from '@/lib/journal/journal'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { isContradicted, SiteBook } from '@/lib/sync/site-book'
import { verifySpendProof, type ProvenSpend } from '@/lib/sync/spend-proof'
import { readAll } from '../controller/stored-rows'
import { rows, type KioskTable } from '../session/records'

export type Write = ProjectionWrite<KioskTable>

export interface EnteredSpend {
  /** To be durable before anybody relies on it. */
  readonly writes: readonly Write[]
  /** With this spend the grant contradicts itself. */
  readonly hasFrozen: boolean
}

const table = 'site-spend'

export class SiteCopy {
  readonly book = new SiteBook()

  /** What stands in this journal was verified before it was written, under trust that may have moved on since. */
  static open(journal: Journal<KioskTable>, trust: TrustList): Result<SiteCopy, JournalFault> {
    const stored = readAll(journal, table, rows.siteSpend.decode)
    if (!stored.ok) return stored
    const copy = new SiteCopy()
    for (const [key, proof] of stored.value) {
      const read = verifySpendProof(proof, trust, () => true)
      if (!read.ok) return err(journalFault('damaged', `Row ${table}/${key}: ${read.error}`))
      copy.book.enter(read.value)
    }
    return ok(copy)
  }

  /** Counts at once: it is proven, whatever the disk does with it. */
  enter(spend: ProvenSpend): EnteredSpend {
    const wasFrozen = isContradicted(this.book.page(spend.serial))
    const entered = this.book.enter(spend)
    if (entered.kind !== 'new') return { writes: [], hasFrozen: false }
    return {
      writes: [
        ...entered.gone
          .filter((hash) => hash !== spend.hash)
          .map((key) => ({ table, key, value: null }) as const),
        { table, key: spend.hash, value: rows.siteSpend.encode(spend.proof) },
      ],
      hasFrozen: !wasFrozen && isContradicted(this.book.page(spend.serial)),
    }
  }

  /** @param timeS that an issuer has said */
  forgetEnded(timeS: EpochSeconds): readonly Write[] {
    return this.book.forgetEnded(timeS).map((key) => ({ table, key, value: null }))
  }
}
