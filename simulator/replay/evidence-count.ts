/** Who brought which receipt first, and how often receipts came again: what the cloud must have ignored. */

import type { SessionId } from '@/lib/core/ids'
import { fromBase64Url } from '@/lib/core/bytes'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import { decodeBundle } from '@/lib/sync/bundle'
import type { ReportedChain } from '@/lib/wallet/cloud-port'

export type Reporter = 'phone' | 'charger'

export class EvidenceCount {
  readonly #firstBy = new Map<SessionId, Reporter>()
  /** Receipts that came after the first for the same session. */
  repeats = 0

  take(sessionIds: readonly SessionId[], by: Reporter): void {
    for (const sessionId of sessionIds) {
      if (this.#firstBy.has(sessionId)) this.repeats += 1
      else this.#firstBy.set(sessionId, by)
    }
  }

  firstBroughtBy(reporter: Reporter): number {
    return [...this.#firstBy.values()].filter((by) => by === reporter).length
  }
}

/** Sessions whose receipts are in a charger's bundle. */
export function endedIn(bundle: Uint8Array): readonly SessionId[] {
  const decoded = decodeBundle(bundle)
  if (!decoded.ok) return []
  return decoded.value.events.flatMap((bytes) => {
    const event = decodeJournalEvent(bytes)
    return event.ok && event.value.kind === 'ended' ? [event.value.sessionId] : []
  })
}

/** Sessions whose receipts are in a phone's report. */
export const receiptsIn = (chains: readonly ReportedChain[]): readonly SessionId[] =>
  chains.flatMap(({ receipts }) =>
    receipts.flatMap(({ receipt: text }) => {
      const parsed = parseMessage(receipt, fromBase64Url(text) ?? new Uint8Array())
      return parsed.ok ? [parsed.value.payload.sessionId] : []
    }),
  )
