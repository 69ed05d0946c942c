/** The gateway's TLS key and certificate: made at the first start, kept, and known to chargers by the key's pin. */

import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { EpochSeconds } from '@/lib/core/units'
import { makeSiteCertificate, type TlsIdentity } from '@/lib/crypto/site-certificate'
import { writeDurably } from '@/lib/journal/durable-file'

export interface GatewayIdentity extends TlsIdentity {
  /** SHA-256 over the key's SubjectPublicKeyInfo, as hex. */
  readonly pin: string
}

/** Nobody looks at the date, because the key is pinned; but some libraries refuse a certificate without one. */
const validForS = 20 * 365 * 86_400

/** Throws where the files cannot be read, written, or do not belong together. */
export function openIdentity(dataFolder: string, nowS: EpochSeconds): GatewayIdentity {
  const keyFile = join(dataFolder, 'tls', 'key.pem')
  const certificateFile = join(dataFolder, 'tls', 'certificate.pem')
  if (!existsSync(keyFile)) {
    const made = makeSiteCertificate(['outpost-gateway'], nowS, validForS)
    // The key last: where it is, both are.
    writeDurably(certificateFile, made.cert, 0o644)
    writeDurably(keyFile, made.key)
  }
  const identity = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificateFile, 'utf8') }
  createSecureContext(identity)
  return { ...identity, pin: pinOf(identity.cert) }
}

const pinOf = (certificate: string): string =>
  createHash('sha256')
    .update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
