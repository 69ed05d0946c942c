/**
 * Ending a session from the phone that began it: the same key asks, naming the session and the nonce of its offer.
 * Written down before it is signed, so that it is one message however often it is shown.
 */

import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { replaceEntry, type ChainEntry } from './chain'
import { findEntry, replaceChain, type WalletState } from './wallet-state'

/** A session that may be running: the code was shown, and no charger has said its last word. */
export const canStop = ({ state, signed }: ChainEntry): boolean =>
  signed !== null && (state.kind === 'open' || state.kind === 'accepted')

/** Writes the stop down, once; the driver stands before its code from then on. */
export function beginStop(
  state: WalletState,
  id: SessionId,
  nowS: EpochSeconds,
): Result<WalletState, Refusal> {
  const place = findEntry(state, id)
  if (place === undefined || !canStop(place.entry)) return err(refusal('receipt.session'))
  const { nonce } = place.entry.offer.payload
  const chain = replaceEntry(place.chain, id, (entry) =>
    entry.stop === null
      ? { ...entry, stop: { payload: { sessionId: id, nonce, timeS: nowS }, signed: null } }
      : entry,
  )
  return ok({
    ...state,
    chains: place.entry.stop === null ? replaceChain(state.chains, chain) : state.chains,
    ceremony: { kind: 'session', sessionId: id, view: 'stopping' },
  })
}
