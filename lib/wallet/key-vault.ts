/** The port to the phone's signing keys. A key is made here, stays here, and signs here. */

import type { PublicKey } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'

/**
 * What the issuer is told. `platform`: cannot be exported. `sealed`: a random seed under a PIN or a passkey, in this
 * script's memory while it signs; chargers then keep to first-seen limits (PROTOCOL.md, risk limits).
 */
export type KeyProtection = 'platform' | 'sealed'

export interface DeviceKey {
  readonly publicKey: PublicKey
  readonly protection: KeyProtection
}

/** The person did not unlock the key. Nothing was signed, and the next try asks again. */
export class KeyLocked extends Error {
  constructor() {
    super('The key stays locked')
  }
}

export interface KeyVault {
  /** A fresh key, durable before this resolves. Rejects where the phone cannot keep one, by `KeyLocked` where it may. */
  create(): Promise<DeviceKey>
  protectionOf(publicKey: PublicKey): Promise<KeyProtection | undefined>
  /** Undefined when the key is not here (any more). Rejects by `KeyLocked`. */
  signer(publicKey: PublicKey): Promise<Signer | undefined>
}
