/**
 * The charger's own log, looked at on the spot: its newest events, and for any of them the proof that it stands in the log
 * whose size and root the charger's key signs (RFC 9162 §2.1.3). Kinds and times only: what an event says about somebody
 * stays where it is.
 */

import { fromHex, toHex } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import type { Journal } from '@/lib/journal/journal'
import { leafHash, parseHash } from '@/lib/log/hash'
import { inclusionProof, verifyInclusion } from '@/lib/log/proof'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, verifyMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { checkpoint, type Checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { TechnicianEvent, TechnicianProof } from '../screen-protocol-technician'

export type LogOf = Pick<Journal, 'read' | 'readNode' | 'size' | 'purgedSize' | 'acknowledgedSize'>

/** As many as one page of the touchscreen shows. */
export const pageSize = 5

export interface LogPage {
  readonly events: readonly TechnicianEvent[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

/** Newest first. @param before the events before this one; undefined: the newest. */
export function logPage(journal: LogOf, before: number | undefined): LogPage {
  const end = Math.min(before ?? journal.size, journal.size)
  const start = Math.max(journal.purgedSize, end - pageSize)
  const read = start < end ? journal.read(start, end) : undefined
  const events = (read?.ok === true ? read.value : []).map(({ seq, kind, payload }): TechnicianEvent => {
    const event = decodeJournalEvent(payload)
    return {
      seq,
      kind: event.ok ? event.value.kind : kind,
      timeS: event.ok && 'timeS' in event.value ? event.value.timeS : null,
      isSent: seq < journal.acknowledgedSize,
    }
  })
  return {
    events: events.toReversed(),
    hasOlder: start > journal.purgedSize,
    hasNewer: end < journal.size,
  }
}

/** @param signed by this charger just now, checked here once more as anybody would. */
export function proveEvent(
  journal: LogOf,
  seq: number,
  signed: VerifiedMessage<Checkpoint>,
  key: PublicKey,
  verify: Verify,
): TechnicianProof {
  const { size, root, timeS } = signed.payload
  const told = { seq, size, root, checkpointS: timeS }
  const read = journal.read(seq, seq + 1)
  if (!read.ok && read.error.cause === 'purged') {
    return { ...told, verdict: 'gone', steps: 0, leaf: '' }
  }
  const [event] = read.ok ? read.value : []
  const proof = inclusionProof(journal.readNode, seq, size)
  const parsed = parseMessage(checkpoint, signed.bytes)
  const isSigned = parsed.ok && verifyMessage(parsed.value, key, verify) !== undefined
  const rootHash = parseHash(fromHex(root))
  if (event === undefined || proof === undefined || rootHash === undefined || !isSigned) {
    return { ...told, verdict: 'changed', steps: 0, leaf: '' }
  }
  const leaf = leafHash(event.payload)
  const fits = verifyInclusion(leaf, seq, size, proof, rootHash)
  return { ...told, verdict: fits ? 'fits' : 'changed', steps: proof.length, leaf: toHex(leaf) }
}
