/** The passkey of a world's driver: ES256 or EdDSA, the same in every world of its name. A thief cannot use it. */

import { p256 } from '@noble/curves/nist.js'
import { concat, fromHex, toBase64Url, toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import type { PasskeyInfo } from '@/lib/cloud/api-types/account'
import { encodePasskeyAssertion } from '@/lib/protocol/passkey-assertion'
import { signerNamed } from './keys'
import { worldOrigin } from './place'

export interface Authenticator extends PasskeyInfo {
  /** What the driver confirms by a look or a finger. */
  confirm(authorizationHash: MessageHash): Promise<Bytes>
  /** The same form by somebody who has another authenticator at hand. */
  forge(authorizationHash: MessageHash): Promise<Bytes>
}

/** User present, user verified; and a signature counter of nothing, as synced passkeys have it. */
const authenticatorData = concat(sha256(utf8(new URL(worldOrigin).hostname)), Uint8Array.of(0x05, 0, 0, 0, 0))

export function authenticatorNamed(name: string, algorithm: PasskeyInfo['algorithm']): Authenticator {
  const own = keyNamed(`passkey of ${name}`, algorithm)
  const confirm = async (authorizationHash: MessageHash, signer: Key): Promise<Bytes> => {
    const challenge = toBase64Url(fromHex(authorizationHash))
    const clientData = utf8(
      JSON.stringify({ type: 'webauthn.get', challenge, origin: worldOrigin, crossOrigin: false }),
    )
    const signature = await signer.sign(toBytes(concat(authenticatorData, sha256(clientData))))
    return encodePasskeyAssertion({ algorithm, key: own.key, authenticatorData, clientData, signature })
  }
  return {
    credentialId: toBase64Url(sha256(utf8(name)).subarray(0, 16)),
    algorithm,
    publicKey: toHex(own.key),
    confirm: (hash) => confirm(hash, own),
    forge: (hash) => confirm(hash, keyNamed('passkey of a thief', algorithm)),
  }
}

interface Key {
  readonly key: Bytes
  sign(message: Bytes): Promise<Bytes>
}

const keys = new Map<string, Key>()

/** Made once a process: multiplying on a curve takes longer than the rest of a world's beginning. */
function keyNamed(name: string, algorithm: PasskeyInfo['algorithm']): Key {
  const known = keys.get(`${algorithm} ${name}`)
  if (known !== undefined) return known
  const made = algorithm === 'ES256' ? es256Key(name) : edDsaKey(name)
  keys.set(`${algorithm} ${name}`, made)
  return made
}

function edDsaKey(name: string): Key {
  const signer = signerNamed(name)
  return { key: fromHex(signer.publicKey), sign: async (message) => toBytes(await signer.sign(message)) }
}

function es256Key(name: string): Key {
  const secret = sha256(utf8(`outpost world ${name}`))
  return {
    key: toBytes(p256.getPublicKey(secret, true)),
    sign: (message) => Promise.resolve(toBytes(p256.sign(message, secret, { prehash: true, format: 'der' }))),
  }
}
