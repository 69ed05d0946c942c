/**
 * Verifies wallets' signatures. The device key of a grant of ours was examined before the issuer signed the grant
 * (`lib/crypto/key-check.ts`), which costs ten times a verification: the issuer's word is the memory of that, so the
 * examination is not repeated for each of thousands of wallets. The verdict on a signature is the same as everywhere.
 */

import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'

/** Importing a key costs as much as a verification; a wallet comes back a few times within a week. */
const keysMax = 20_000

/** Only for keys that an issuer of ours has signed. */
export function vouchedVerify(): Verify {
  const keys = new Map<PublicKey, KeyObject>()
  const keyObject = (key: PublicKey): KeyObject => {
    const known = keys.get(key)
    if (known !== undefined) return known
    const x = Buffer.from(key, 'hex').toString('base64url')
    const created = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    if (keys.size >= keysMax) keys.clear()
    keys.set(key, created)
    return created
  }
  return (key, message, signature) =>
    signature.length === 64 && verify(null, message, keyObject(key), signature)
}
