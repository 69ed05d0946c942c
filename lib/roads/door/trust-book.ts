/**
 * Whom the operator's root vouches for. Whoever keeps a door learns the root's list from the chargers that come, and believes
 * whoever brings a newer one, because the root signed it.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openTrustList } from '@/lib/protocol/trust'

/** Where the newest list stands over a restart. */
export interface TrustBookStore {
  fact(name: 'trust-list'): Bytes | undefined
  setFact(name: 'trust-list', value: Uint8Array): void
}

export class TrustBook {
  readonly root: PublicKey
  readonly #store: TrustBookStore
  readonly #verify: Verify
  #list: VerifiedMessage<TrustList> | undefined

  constructor(root: PublicKey, store: TrustBookStore, verify: Verify) {
    this.root = root
    this.#store = store
    this.#verify = verify
    const kept = store.fact('trust-list')
    this.#list = kept && openTrustList(kept, root, verify)
  }

  get list(): TrustList | undefined {
    return this.#list?.payload
  }

  /** As the root signed it. */
  get bytes(): Bytes | undefined {
    return this.#list?.bytes
  }

  /** Takes it where the root signed it and it is newer than what is known. */
  learn(bytes: Uint8Array): void {
    const told = openTrustList(bytes, this.root, this.#verify)
    if (told === undefined) return
    const known = this.#list?.payload
    const isNewer =
      known === undefined ||
      (told.payload.operator === known.operator && told.payload.sequence > known.sequence)
    if (!isNewer) return
    this.#store.setFact('trust-list', told.bytes)
    this.#list = told
  }
}
