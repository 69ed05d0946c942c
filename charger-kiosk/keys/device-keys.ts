/**
 * The charger's secrets on a machine without a hardware security module: one sealed key file, from which the signing
 * key and the journal's encryption key are drawn (HKDF, RFC 5869), so that one file is what must be guarded.
 */

import { hkdfSync, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { ok, type Result } from '@/lib/core/result'
import { openOrCreateKeyFile, type KeyFileFault } from '@/lib/crypto/key-file'
import { nodeSigner } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'

export interface DeviceKeys {
  readonly signer: Signer
  /** 64 hex characters. */
  readonly journalKey: string
}

/** Opens the keys in `folder`, or makes them there at the first start. */
export function openDeviceKeys(
  folder: string,
  passphrase: string | undefined,
): Result<DeviceKeys, KeyFileFault> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secret = openOrCreateKeyFile(join(folder, 'device.key'), passphrase ?? storedPassphrase(folder))
  if (!secret.ok) return secret
  return ok({
    signer: nodeSigner(derive(secret.value, 'outpost charger signing key')),
    journalKey: toHex(derive(secret.value, 'outpost charger journal key')),
  })
}

const derive = (secret: Bytes, purpose: string): Bytes =>
  toBytes(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32)))

/** For development: a random passphrase beside the key, readable by the owner alone. It guards against nobody else. */
function storedPassphrase(folder: string): string {
  const path = join(folder, 'passphrase')
  if (!existsSync(path)) {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, randomBytes(24).toString('base64url'))
    fsyncSync(file)
    closeSync(file)
  }
  return readFileSync(path, 'utf8').trim()
}
