/** The ports for Ed25519 (RFC 8032, strict) that every other part is written against. */

import type { Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'

/**
 * True only for a canonical signature by a sound key: cofactorless equation, canonical R and S, no small-order and
 * no mixed-order key. All adapters give the same verdict on every input. Never throws on hostile input.
 */
export type Verify = (key: PublicKey, message: Uint8Array, signature: Uint8Array) => boolean

export interface Signer {
  readonly publicKey: PublicKey
  /** 64 bytes. Rejects when the key store refuses (locked, removed). */
  sign(message: Uint8Array): Promise<Bytes>
}
