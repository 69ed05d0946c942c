/**
 * Verdicts within one upload: a bundle of a hundred sessions brings the same certificate two hundred times, and each
 * offer and grant more than once. The same bytes under the same key get the same verdict without being checked again.
 */

import { equalBytes, toHex } from '@/lib/core/bytes'
import type { Verify } from '@/lib/crypto/signature'

/** Lives as long as one upload, whose size bounds it. */
export function rememberedVerify(verify: Verify): Verify {
  const verdicts = new Map<string, { readonly message: Uint8Array; readonly verdict: boolean }>()
  return (key, message, signature) => {
    const name = `${key} ${toHex(signature)}`
    const known = verdicts.get(name)
    if (known !== undefined && equalBytes(known.message, message)) return known.verdict
    const verdict = verify(key, message, signature)
    verdicts.set(name, { message, verdict })
    return verdict
  }
}
