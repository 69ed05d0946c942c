/**
 * The journal's encryption key on a machine with a token: 32 random bytes, sealed by AES-256-GCM under a key that the
 * token made and never gives away. The disk alone opens nothing; the token alone has no journal.
 */

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { toHex } from '@/lib/core/bytes'
import { writeDurably } from '@/lib/journal/durable-file'
import { findObject, type Token, type TokenSession } from './pkcs11-token'

const label = 'outpost charger sealing key'
const nonceBytes = 12
const tagBytes = 16

export const sealedKeyFile = 'journal-key.sealed'

/** Opens what is sealed at `path`, or seals `initial` (or something random) there first. Throws on failure. */
export function sealedKey(token: Token, path: string, initial?: string): string {
  if (!existsSync(path)) {
    const secret = initial === undefined ? randomBytes(32) : Buffer.from(initial, 'hex')
    writeDurably(path, token.use((session) => sealed(session, label, secret)).toString('base64'))
  }
  const bytes = Buffer.from(readFileSync(path, 'utf8'), 'base64')
  const secret = token.use((session) => openSealed(session, label, bytes))
  if (secret === undefined) throw new Error(`the token has no key that opens ${path}`)
  return toHex(secret)
}

/** Under the key of this label, which is made where there is none. */
export function sealed(session: TokenSession, keyLabel: string, secret: Buffer): Buffer {
  const { module, handle } = session
  const key = sealingKey(session, keyLabel) ?? makeSealingKey(session, keyLabel)
  const nonce = randomBytes(nonceBytes)
  module.C_EncryptInit(handle, gcm(session, nonce), key)
  return Buffer.concat([nonce, module.C_Encrypt(handle, secret, Buffer.alloc(secret.length + tagBytes))])
}

/** Undefined where the token has no key of this label. Throws where it does not open it. */
export function openSealed(session: TokenSession, keyLabel: string, bytes: Buffer): Buffer | undefined {
  const { module, handle } = session
  const key = sealingKey(session, keyLabel)
  if (key === undefined) return undefined
  module.C_DecryptInit(handle, gcm(session, bytes.subarray(0, nonceBytes)), key)
  const body = bytes.subarray(nonceBytes)
  return module.C_Decrypt(handle, body, Buffer.alloc(body.length))
}

/** Nothing that was sealed under it can be opened any more, by anybody. */
export function destroySealingKey(session: TokenSession, keyLabel: string): void {
  const key = sealingKey(session, keyLabel)
  if (key !== undefined) session.module.C_DestroyObject(session.handle, key)
}

const gcm = ({ api }: TokenSession, iv: Buffer) => ({
  mechanism: api.CKM_AES_GCM,
  parameter: { type: api.CK_PARAMS_AES_GCM, iv, ivBits: nonceBytes * 8, tagBits: tagBytes * 8 },
})

const sealingKey = (session: TokenSession, keyLabel: string) =>
  findObject(session, [
    { type: session.api.CKA_CLASS, value: session.api.CKO_SECRET_KEY },
    { type: session.api.CKA_LABEL, value: keyLabel },
  ])

const makeSealingKey = ({ api, module, handle }: TokenSession, keyLabel: string) =>
  module.C_GenerateKey(handle, { mechanism: api.CKM_AES_KEY_GEN }, [
    { type: api.CKA_LABEL, value: keyLabel },
    { type: api.CKA_TOKEN, value: true },
    { type: api.CKA_PRIVATE, value: true },
    { type: api.CKA_SENSITIVE, value: true },
    { type: api.CKA_EXTRACTABLE, value: false },
    { type: api.CKA_ENCRYPT, value: true },
    { type: api.CKA_DECRYPT, value: true },
    { type: api.CKA_VALUE_LEN, value: 32 },
  ])
