/** What a driver says about a finished session (PROTOCOL.md, rule 9). The receipt stays, and so does what it released. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { replaceEntry, type ComplaintReason } from './chain'
import { findEntry, replaceChain, type WalletState } from './wallet-state'

/** Once said it stays as it was said: people look at it, and repeating it changes nothing. */
export function withComplaint(
  state: WalletState,
  id: string,
  reason: ComplaintReason,
  nowS: EpochSeconds,
): Result<WalletState, Refusal> {
  const place = findEntry(state, id)
  if (place === undefined || place.entry.state.kind !== 'finished') return err(refusal('receipt.session'))
  if (place.entry.complaint !== null) return ok(state)
  const chain = replaceEntry(place.chain, place.entry.sessionId, (entry) => ({
    ...entry,
    complaint: { reason, atS: nowS },
    standing: 'case',
    standingAtS: nowS,
  }))
  return ok({ ...state, chains: replaceChain(state.chains, chain) })
}
