/**
 * Giving a grant back (PROTOCOL.md, rule 10), for the next one or for good: its close names the last authorization there will ever be. Once that is
 * written down the chain takes no further one, whether the operator has heard of it or not.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { headOf, type Closing } from './chain'
import type { DeviceKey } from './key-vault'
import { replaceChain, type WalletState } from './wallet-state'

/**
 * Writes the close down, unsigned; without a key for the next grant none follows. Repeating it changes nothing: neither
 * what it says nor which key comes next.
 */
export function beginClose(
  state: WalletState,
  serial: string,
  renewalKey: DeviceKey | null,
  nowS: EpochSeconds,
): Result<WalletState, Refusal> {
  const chain = state.chains.find((candidate) => candidate.serial === serial)
  if (chain === undefined) return err(refusal('grant.missing'))
  if (chain.closing !== null) return ok(state)
  // Its bytes were never made, and somebody might still make them: the chain has no certain end.
  if (chain.entries.some((entry) => entry.state.kind === 'prepared')) return err(refusal('phone.key'))
  const closing: Closing = {
    payload: { serial: chain.serial, lastSeq: chain.entries.length, head: headOf(chain), timeS: nowS },
    signed: null,
    renewalKey,
    outcome: 'asked',
  }
  return ok({
    ...state,
    chains: replaceChain(state.chains, { ...chain, closing }),
    // The key belongs to this renewal now: no other grant may come for it.
    spareKey: state.spareKey === renewalKey?.publicKey ? null : state.spareKey,
  })
}

export function withCloseOutcome(
  state: WalletState,
  serial: string,
  outcome: Closing['outcome'],
): WalletState {
  const chain = state.chains.find((candidate) => candidate.serial === serial)
  const closing = chain?.closing
  if (chain === undefined || closing === null || closing === undefined || closing.outcome === outcome) {
    return state
  }
  return { ...state, chains: replaceChain(state.chains, { ...chain, closing: { ...closing, outcome } }) }
}
