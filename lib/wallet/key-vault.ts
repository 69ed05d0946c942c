/** The port to the phone's signing keys. A key is made here, stays here, and signs here. */

import type { PublicKey } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'

/** `platform`: cannot be exported. `sealed`: a random seed, wrapped by a key that cannot be exported. */
export type KeyProtection = 'platform' | 'sealed'

export interface DeviceKey {
  readonly publicKey: PublicKey
  readonly protection: KeyProtection
}

export interface KeyVault {
  /** A fresh key, durable before this resolves. Rejects where the phone cannot keep one. */
  create(): Promise<DeviceKey>
  protectionOf(publicKey: PublicKey): Promise<KeyProtection | undefined>
  /** Undefined when the key is not here (any more). */
  signer(publicKey: PublicKey): Promise<Signer | undefined>
}
