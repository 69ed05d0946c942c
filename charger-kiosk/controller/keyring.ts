/**
 * The keys that this charger holds. After a rotation there are two for a while: offers are made with the newest
 * certificate's key, and a session ends with the key that signed its offer, because that is the one its phone can check.
 */

import type { PublicKey } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'

export class Keyring {
  readonly #signers: readonly Signer[]
  readonly #first: Signer

  constructor(first: Signer, others: readonly Signer[] = []) {
    this.#first = first
    this.#signers = [first, ...others]
  }

  get publicKeys(): readonly PublicKey[] {
    return this.#signers.map(({ publicKey }) => publicKey)
  }

  /** Undefined: the first, with which everything began. */
  of(key: PublicKey | undefined): Signer {
    return this.#signers.find(({ publicKey }) => publicKey === key) ?? this.#first
  }
}
