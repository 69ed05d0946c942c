/** A message that was verified once and is then kept: plain data, so that it can be stored and reloaded as it is. */

import type { Bytes } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'
import type { VerifiedMessage } from '@/lib/protocol/message'

export interface KeptMessage<T> {
  readonly payload: T
  /** The exact bytes that were received. */
  readonly bytes: Bytes
  readonly hash: MessageHash
}

export const keepMessage = <T>({ payload, bytes, hash }: VerifiedMessage<T>): KeptMessage<T> => ({
  payload,
  bytes,
  hash,
})
