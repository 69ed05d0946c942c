/**
 * The keys of all worlds and one memory of verdicts. Native Ed25519; a verdict about the same key, message and
 * signature is the same for ever, so it is asked once. Keys come from names and are made once a process: a world's
 * trace depends on the names alone.
 */

import { toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Signer, Verify } from '@/lib/crypto/signature'
import { quickSigner } from './quick-signer'

interface Verdict {
  readonly message: Uint8Array
  readonly isGood: boolean
}

const verdictsMax = 50_000
const signaturesMax = 5_000
/** By key and signature. */
const verdicts = new Map<PublicKey, Map<string, Verdict>>()
let verdictCount = 0

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0
/** Bytes as a text of as many characters, to be found in a map. */
export const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1')

function remember(key: PublicKey, message: Uint8Array, signature: Uint8Array, isGood: boolean): void {
  if (verdictCount >= verdictsMax) {
    verdicts.clear()
    verdictCount = 0
  }
  const ofKey = verdicts.get(key) ?? new Map<string, Verdict>()
  verdicts.set(key, ofKey.set(textOf(signature), { message: toBytes(message), isGood }))
  verdictCount += 1
}

export const worldVerify: Verify = (key, message, signature) => {
  const known = verdicts.get(key)?.get(textOf(signature))
  if (known !== undefined && sameBytes(known.message, message)) return known.isGood
  const isGood = verifyWithNode(key, message, signature)
  if (known === undefined) remember(key, message, signature, isGood)
  return isGood
}

const signers = new Map<string, Signer>()

/** The signer of this name, the same in every world. */
export function signerNamed(name: string): Signer {
  const known = signers.get(name)
  if (known !== undefined) return known
  const signer = quickSigner(sha256(utf8(`outpost world ${name}`)))
  // Ed25519 signs the same message in the same way every time (RFC 8032).
  const signed = new Map<string, Bytes>()
  const remembering: Signer = {
    publicKey: signer.publicKey,
    async sign(message) {
      const text = textOf(message)
      const before = signed.get(text)
      if (before !== undefined) return toBytes(before)
      const signature = await signer.sign(message)
      // What a sound key has just signed verifies under it (RFC 8032).
      remember(signer.publicKey, message, signature, true)
      if (signed.size >= signaturesMax) signed.clear()
      signed.set(text, signature)
      return toBytes(signature)
    },
  }
  signers.set(name, remembering)
  return remembering
}
