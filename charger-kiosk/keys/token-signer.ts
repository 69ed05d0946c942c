/** An Ed25519 key inside a token: made there, marked so that it can never be read, and used through the `Signer` port. */

import { fromHex, toBytes, toHex } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import { findObject, type Token, type TokenSession } from './pkcs11-token'

/** PKCS#11 3.0, §2.3: newer than the constants of the package. */
const keyTypeEdwards = 0x40
const generateEdwards = 0x1055
const signEdwards = 0x1057
/** OID 1.3.101.112, Ed25519 (RFC 8410). */
const ed25519 = Buffer.from(fromHex('06032b6570'))
const signatureBytes = 64

const labelOf = (generation: number): string => `outpost charger signing key ${generation}`

/** The public key of this generation, or undefined where the token has none. Throws when the token does not work. */
const findTokenKey = (session: TokenSession, generation: number): PublicKey | undefined => {
  const { api, module, handle } = session
  const found = findObject(session, [
    { type: api.CKA_CLASS, value: api.CKO_PUBLIC_KEY },
    { type: api.CKA_LABEL, value: labelOf(generation) },
  ])
  if (found === undefined || privateKey(session, generation) === undefined) return undefined
  const [point] = module.C_GetAttributeValue(handle, found, [{ type: api.CKA_EC_POINT }])
  // With or without its OCTET STRING header: the key is what comes last.
  return publicKey(toHex((point?.value as Buffer).subarray(-32)))
}

const privateKey = ({ keys, ...session }: TokenSession, generation: number) => {
  const label = labelOf(generation)
  const known = keys.get(label)
  if (known !== undefined) return known
  const { api } = session
  const found = findObject({ keys, ...session }, [
    { type: api.CKA_CLASS, value: api.CKO_PRIVATE_KEY },
    { type: api.CKA_LABEL, value: label },
  ])
  if (found !== undefined) keys.set(label, found)
  return found
}

function makeTokenKey({ api, module, handle }: TokenSession, generation: number): void {
  const shared = [
    { type: api.CKA_LABEL, value: labelOf(generation) },
    { type: api.CKA_ID, value: Buffer.from([generation]) },
    { type: api.CKA_KEY_TYPE, value: keyTypeEdwards },
    { type: api.CKA_TOKEN, value: true },
  ]
  module.C_GenerateKeyPair(
    handle,
    { mechanism: generateEdwards },
    [...shared, { type: api.CKA_VERIFY, value: true }, { type: api.CKA_EC_PARAMS, value: ed25519 }],
    [
      ...shared,
      { type: api.CKA_SIGN, value: true },
      { type: api.CKA_PRIVATE, value: true },
      { type: api.CKA_SENSITIVE, value: true },
      { type: api.CKA_EXTRACTABLE, value: false },
    ],
  )
}

/** Undefined where the token has no such key and none is wanted. Throws when the token does not work. */
export function tokenSigner(token: Token, generation: number, isWanted: boolean): Signer | undefined {
  const key = token.use((session) => {
    const known = findTokenKey(session, generation)
    if (known !== undefined || !isWanted) return known
    makeTokenKey(session, generation)
    return findTokenKey(session, generation)
  })
  if (key === undefined) return undefined
  return {
    publicKey: key,
    sign: (message) =>
      Promise.resolve().then(() => token.use((session) => sign(session, generation, message))),
  }
}

function sign(session: TokenSession, generation: number, message: Uint8Array) {
  const { module, handle } = session
  const key = privateKey(session, generation)
  if (key === undefined) throw new Error(`the token has no ${labelOf(generation)}`)
  module.C_SignInit(handle, { mechanism: signEdwards }, key)
  return toBytes(module.C_Sign(handle, Buffer.from(message), Buffer.alloc(signatureBytes)))
}
