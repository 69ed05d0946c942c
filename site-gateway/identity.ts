/**
 * The gateway's TLS key and certificate: made at the first start, kept, and known to chargers by the key's pin. Since
 * chargers go by this key's word for the site's reserve, it is sealed wherever there is a passphrase.
 */

import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { toHex } from '@/lib/core/bytes'
import type { EpochSeconds } from '@/lib/core/units'
import { openOrCreateKeyFile } from '@/lib/crypto/key-file'
import { makeSiteCertificate, type TlsIdentity } from '@/lib/crypto/site-certificate'
import { writeDurably } from '@/lib/journal/durable-file'

export interface GatewayIdentity extends TlsIdentity {
  /** SHA-256 over the key's SubjectPublicKeyInfo, as hex. */
  readonly pin: string
}

/** Nobody looks at the date, because the key is pinned; but some libraries refuse a certificate without one. */
const validForS = 20 * 365 * 86_400

/**
 * Throws where the files cannot be read, written, or do not belong together.
 * @param passphrase seals the key. One that lay there in the clear is sealed by it, once.
 */
export function openIdentity(
  dataFolder: string,
  nowS: EpochSeconds,
  passphrase: string | undefined,
): GatewayIdentity {
  const folder = join(dataFolder, 'tls')
  const keyFile = join(folder, 'key.pem')
  const certificateFile = join(folder, 'certificate.pem')
  const isThere = existsSync(keyFile)
  if (!isThere && passphrase === undefined && existsSync(sealFile(folder)))
    throw new Error(`the key in ${folder} was sealed: keys.passphraseFile must name its passphrase`)
  const secret = passphrase === undefined ? undefined : sealingSecret(folder, passphrase)
  if (!isThere) {
    const made = makeSiteCertificate(['outpost-gateway'], nowS, validForS)
    // The key last: where it is, both are.
    writeDurably(certificateFile, made.cert, 0o644)
    writeDurably(keyFile, sealedPem(made.key, secret))
  }
  const stored = readFileSync(keyFile, 'utf8')
  const isSealed = stored.includes(sealedMark)
  if (isSealed && secret === undefined)
    throw new Error(`${keyFile} is sealed: keys.passphraseFile must name its passphrase`)
  const key = isSealed ? openedPem(stored, secret) : stored
  if (!isSealed && secret !== undefined) writeDurably(keyFile, sealedPem(key, secret))
  const identity = { key, cert: readFileSync(certificateFile, 'utf8') }
  createSecureContext(identity)
  return { ...identity, pin: pinOf(identity.cert) }
}

const sealedMark = 'ENCRYPTED PRIVATE KEY'
const sealFile = (folder: string): string => join(folder, 'seal.key')

/** Random, in a file under the passphrase: whoever tries passphrases has scrypt to pay for each. */
function sealingSecret(folder: string, passphrase: string): string {
  const opened = openOrCreateKeyFile(sealFile(folder), passphrase)
  if (opened.ok) return toHex(opened.value)
  const { kind, path } = opened.error
  throw new Error(
    kind === 'wrong-passphrase' ? `${path} was sealed with another passphrase` : `${path} is ${kind}`,
  )
}

function sealedPem(key: string, secret: string | undefined): string {
  if (secret === undefined) return key
  const form = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret } as const
  return createPrivateKey(key).export(form).toString()
}

const openedPem = (key: string, passphrase: string | undefined): string =>
  createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString()

const pinOf = (certificate: string): string =>
  createHash('sha256')
    .update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
