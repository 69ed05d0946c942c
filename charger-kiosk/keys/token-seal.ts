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
    writeDurably(path, token.use((session) => seal(session, secret)).toString('base64'))
  }
  const sealed = Buffer.from(readFileSync(path, 'utf8'), 'base64')
  return toHex(token.use((session) => open(session, sealed)))
}

function seal(session: TokenSession, secret: Buffer): Buffer {
  const { module, handle } = session
  const nonce = randomBytes(nonceBytes)
  module.C_EncryptInit(handle, gcm(session, nonce), sealingKey(session))
  return Buffer.concat([nonce, module.C_Encrypt(handle, secret, Buffer.alloc(secret.length + tagBytes))])
}

function open(session: TokenSession, sealed: Buffer): Buffer {
  const { module, handle } = session
  module.C_DecryptInit(handle, gcm(session, sealed.subarray(0, nonceBytes)), sealingKey(session))
  const body = sealed.subarray(nonceBytes)
  return module.C_Decrypt(handle, body, Buffer.alloc(body.length))
}

const gcm = ({ api }: TokenSession, iv: Buffer) => ({
  mechanism: api.CKM_AES_GCM,
  parameter: { type: api.CK_PARAMS_AES_GCM, iv, ivBits: nonceBytes * 8, tagBits: tagBytes * 8 },
})

function sealingKey(session: TokenSession) {
  const { api, module, handle } = session
  const found = findObject(session, [
    { type: api.CKA_CLASS, value: api.CKO_SECRET_KEY },
    { type: api.CKA_LABEL, value: label },
  ])
  return (
    found ??
    module.C_GenerateKey(handle, { mechanism: api.CKM_AES_KEY_GEN }, [
      { type: api.CKA_LABEL, value: label },
      { type: api.CKA_TOKEN, value: true },
      { type: api.CKA_PRIVATE, value: true },
      { type: api.CKA_SENSITIVE, value: true },
      { type: api.CKA_EXTRACTABLE, value: false },
      { type: api.CKA_ENCRYPT, value: true },
      { type: api.CKA_DECRYPT, value: true },
      { type: api.CKA_VALUE_LEN, value: 32 },
    ])
  )
}
