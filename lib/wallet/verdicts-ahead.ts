/**
 * Signatures checked by the platform, beside the page's own thread, before a step of the wallet asks for the verdict:
 * on a slow phone each costs a tenth of a second in plain script, in which no touch is answered. Steps are pure, so one
 * tells by a trial run which signatures it wants to know of.
 */

import { equalBytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'

/** May reject where the platform lacks Ed25519: then plain script gives the verdict. */
export type VerifyAhead = (...asked: Parameters<Verify>) => Promise<boolean>

interface Asked {
  readonly key: PublicKey
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** One step looks at few messages; what lies beyond is checked when it is asked for. */
const askedMax = 64

/**
 * Gives a `Verify` that knows what the platform found sound. Everything else, also what it found unsound, is asked of
 * `verify`: a platform can spare work here, but refuse nothing.
 */
export async function verdictsAhead(
  trial: (verify: Verify) => unknown,
  { verify, verifyAhead }: { readonly verify: Verify; readonly verifyAhead: VerifyAhead },
): Promise<Verify> {
  const asked: Asked[] = []
  trial((key, message, signature) => {
    if (asked.length < askedMax) asked.push({ key, message, signature })
    return true
  })
  if (asked.length === 0) return verify
  const verdicts = await Promise.allSettled(
    asked.map(({ key, message, signature }) => verifyAhead(key, message, signature)),
  )
  const sound = asked.filter((_, index) => {
    const verdict = verdicts[index]
    return verdict?.status === 'fulfilled' && verdict.value
  })
  return (key, message, signature) =>
    sound.some(
      (known) =>
        known.key === key && equalBytes(known.signature, signature) && equalBytes(known.message, message),
    ) || verify(key, message, signature)
}
