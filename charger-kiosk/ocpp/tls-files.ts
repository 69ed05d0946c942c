/** The site's certificate on disk: the operator's own two files, or a self-signed pair made once and kept. */

import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { join } from 'node:path'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import { writeDurably } from '@/lib/journal/durable-file'
import { makeSiteCertificate, type TlsIdentity } from '@/lib/crypto/site-certificate'

export interface TlsFiles {
  readonly keyFile: string
  readonly certFile: string
}

export interface TlsFault {
  readonly code: 'unreadable' | 'unusable'
  readonly detail: string
}

/** Ten years: a charger in the desert is not visited for a certificate; its key never leaves this disk. */
const validForS = 10 * 365 * 86_400

export const tlsFilesIn = (dataFolder: string): TlsFiles => ({
  keyFile: join(dataFolder, 'tls', 'key.pem'),
  certFile: join(dataFolder, 'tls', 'certificate.pem'),
})

/** Fails where a file is missing, is no PEM, or the key belongs to another certificate. */
export function readTlsFiles({ keyFile, certFile }: TlsFiles): Result<TlsIdentity, TlsFault> {
  let identity: TlsIdentity
  try {
    identity = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
  } catch (error) {
    return err({ code: 'unreadable', detail: error instanceof Error ? error.message : String(error) })
  }
  try {
    createSecureContext(identity)
    return ok(identity)
  } catch (error) {
    return err({ code: 'unusable', detail: error instanceof Error ? error.message : String(error) })
  }
}

/** Makes a new pair in place of what stands there: every charger has to be given the new certificate then. */
export function makeTlsFiles(files: TlsFiles, hosts: readonly string[], nowS: EpochSeconds): TlsIdentity {
  const made = makeSiteCertificate(hosts, nowS, validForS)
  writeDurably(files.keyFile, made.key)
  writeDurably(files.certFile, made.cert, 0o644)
  return made
}
