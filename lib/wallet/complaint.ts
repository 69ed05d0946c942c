/** What a driver says about a finished session (PROTOCOL.md, rule 9). The receipt stays, and so does what it released. */

import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { replaceEntry, type Complaint } from './chain'
import { findEntry, replaceChain, type WalletState } from './wallet-state'

/** Once said it stays as it was said: people look at it, and repeating it changes nothing. */
export function withComplaint(
  state: WalletState,
  id: string,
  { reason, note }: Pick<Complaint, 'reason' | 'note'>,
  nowS: EpochSeconds,
): Result<WalletState, Refusal> {
  const place = findEntry(state, id)
  if (place === undefined || place.entry.state.kind !== 'finished') return err(refusal('receipt.session'))
  if (place.entry.complaint !== null) return ok(state)
  const chain = replaceEntry(place.chain, place.entry.sessionId, (entry) => ({
    ...entry,
    complaint: { reason, note: boundedNote(note), atS: nowS },
    standing: 'case',
    standingAtS: nowS,
  }))
  return ok({ ...state, chains: replaceChain(state.chains, chain) })
}

/** One line of text, without what only a machine would put there, cut at the bound rather than refused. */
const boundedNote = (note: string): string =>
  note
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, limits.complaintNoteCharsMax)
