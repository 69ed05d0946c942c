/**
 * The ports by which something is closed for everybody but one reader. Two kinds: to a public key, by whoever has
 * something to send; and under a key that both ends have, for the way back.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { SealingKey } from '@/lib/core/ids'

/** Before a ciphertext of HPKE's: the public half of the key that was made for this message alone. */
export const encapsulatedBytes = 32
export const tagBytes = 16
/** What sealing to a public key adds to a text. */
export const sealedBytesMore = encapsulatedBytes + tagBytes

/** `label` is readable by everybody and bound to what is sealed: with another label it does not open. */
export type Seal = (to: SealingKey, plain: Uint8Array, label: Uint8Array) => Promise<Bytes>

/** Undefined: damaged, of another label, or sealed to somebody else. */
export type Unseal = (sealed: Uint8Array, label: Uint8Array) => Promise<Bytes | undefined>

/** A pair whose secret half never leaves it. */
export interface SealingPair {
  readonly publicKey: SealingKey
  readonly unseal: Unseal
}

/** 32 bytes that both ends have. */
export type SharedKey = Bytes
