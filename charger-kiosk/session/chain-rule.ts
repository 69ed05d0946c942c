/**
 * The rule of chains (docs/protocol, rules of money 3): within one grant, seq rises, and two sums never fall: `gross`,
 * all holds so far, and `released`, what signed declines and receipts gave back. A copy of a wallet that charges
 * elsewhere must sooner or later contradict one of them.
 */

import type { MessageHash } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ParsedMessage } from '@/lib/protocol/message'
import type { Authorization } from '@/lib/protocol/messages/authorization'

/** The last that this charger saw of a chain. */
export interface ChainHead {
  readonly seq: number
  readonly hash: MessageHash
  readonly grossMinor: number
  readonly releasedMinor: number
}

/**
 * @param openHereMinor holds of this grant's sessions that still run here: the wallet cannot have got them back.
 * @returns what is wrong, or undefined.
 */
export function chainFault(
  { hash, payload }: ParsedMessage<Authorization>,
  grantHash: MessageHash,
  last: ChainHead | undefined,
  openHereMinor: number,
): ReasonCode | undefined {
  const { seq, previous, grossMinor, releasedMinor, holdMinor } = payload
  if (seq < 1) return 'wallet.sequence'
  if (last !== undefined && (seq <= last.seq || hash === last.hash)) return 'wallet.sequence'
  const expectedPrevious =
    seq === 1 ? grantHash : last !== undefined && seq === last.seq + 1 ? last.hash : undefined
  if (expectedPrevious !== undefined && previous !== expectedPrevious) return 'wallet.previous'
  const grossBefore = last?.grossMinor ?? 0
  const releasedBefore = last?.releasedMinor ?? 0
  if (grossMinor < grossBefore + holdMinor || releasedMinor < releasedBefore) return 'wallet.sums'
  if (seq === 1 && (grossMinor !== holdMinor || releasedMinor !== 0)) return 'wallet.sums'
  return grossMinor - releasedMinor < holdMinor + openHereMinor ? 'wallet.sums' : undefined
}
