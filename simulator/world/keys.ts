/**
 * The keys of all worlds and one memory of verdicts. Native Ed25519; a verdict about the same key, message and
 * signature is the same for ever, so it is asked once. Keys come from names and are made once a process: a world's
 * trace depends on the names alone.
 */

import { toBytes, utf8 } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import type { Signer, Verify } from '@/lib/crypto/signature'

interface Verdict {
  readonly key: PublicKey
  readonly message: Uint8Array
  readonly isGood: boolean
}

const verdictsMax = 50_000
const verdicts = new Map<string, Verdict>()

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0
const nameOf = (signature: Uint8Array): string => Buffer.from(signature).toString('latin1')

function remember(signature: Uint8Array, verdict: Verdict): void {
  if (verdicts.size >= verdictsMax) verdicts.clear()
  verdicts.set(nameOf(signature), verdict)
}

export const worldVerify: Verify = (key, message, signature) => {
  const known = verdicts.get(nameOf(signature))
  if (known !== undefined && known.key === key && sameBytes(known.message, message)) return known.isGood
  const isGood = verifyWithNode(key, message, signature)
  if (known === undefined) remember(signature, { key, message: toBytes(message), isGood })
  return isGood
}

const signers = new Map<string, Signer>()

/** The signer of this name, the same in every world. */
export function signerNamed(name: string): Signer {
  const known = signers.get(name)
  if (known !== undefined) return known
  const signer = nodeSigner(sha256(utf8(`outpost world ${name}`)))
  const remembering: Signer = {
    publicKey: signer.publicKey,
    async sign(message) {
      const signature = await signer.sign(message)
      // What a sound key has just signed verifies under it (RFC 8032).
      remember(signature, { key: signer.publicKey, message: toBytes(message), isGood: true })
      return signature
    },
  }
  signers.set(name, remembering)
  return remembering
}
