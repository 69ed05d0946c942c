/**
 * What was written down and is not signed yet: authorizations, stops, closes. Whoever opens the wallet finishes them
 * first, so that a lost moment of power leaves no seq without its bytes, and the bytes are the same at every try.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { close } from '@/lib/protocol/messages/close'
import { stop } from '@/lib/protocol/messages/stop'
import { openEntry, replaceEntry, type Chain } from './chain'
import { replaceChain, type WalletState } from './wallet-state'

export interface PendingSignature {
  readonly chain: Chain
  readonly deviceKey: PublicKey
  readonly sign: (signer: Signer) => Promise<Bytes>
  /** The state with the signed bytes in their place. */
  readonly take: (state: WalletState, signed: Bytes) => WalletState
}

export const pendingSignatures = (state: WalletState): readonly PendingSignature[] =>
  state.chains.flatMap((chain) => [...pendingEntries(chain), ...pendingClose(chain)])

function pendingEntries(chain: Chain): readonly PendingSignature[] {
  const { deviceKey } = chain.grant.payload
  return chain.entries.flatMap((entry) => {
    const { sessionId, payload, stop: asked } = entry
    const pending: PendingSignature[] = []
    // A close says that nothing later was signed: what was not signed before it never is.
    if (entry.state.kind === 'prepared' && chain.closing === null) {
      pending.push({
        chain,
        deviceKey,
        sign: async (signer) => (await signMessage(authorization, payload, signer)).bytes,
        take: inChain(chain, (current, signed) => openEntry(current, sessionId, signed)),
      })
    }
    if (asked?.signed === null) {
      pending.push({
        chain,
        deviceKey,
        sign: async (signer) => (await signMessage(stop, asked.payload, signer)).bytes,
        take: inChain(chain, (current, signed) =>
          replaceEntry(current, sessionId, (held) => ({ ...held, stop: { ...asked, signed } })),
        ),
      })
    }
    return pending
  })
}

function pendingClose(chain: Chain): readonly PendingSignature[] {
  const { closing } = chain
  if (closing?.signed !== null) return []
  return [
    {
      chain,
      deviceKey: chain.grant.payload.deviceKey,
      sign: async (signer) => (await signMessage(close, closing.payload, signer)).bytes,
      take: inChain(chain, (current, signed) => ({ ...current, closing: { ...closing, signed } })),
    },
  ]
}

const inChain =
  ({ serial }: Chain, change: (chain: Chain, signed: Bytes) => Chain): PendingSignature['take'] =>
  (state, signed) => {
    const current = state.chains.find((chain) => chain.serial === serial)
    return current === undefined
      ? state
      : { ...state, chains: replaceChain(state.chains, change(current, signed)) }
  }
