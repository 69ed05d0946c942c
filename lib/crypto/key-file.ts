/**
 * A 32-byte secret in a file, sealed by AES-256-GCM under a key that scrypt draws from a passphrase. For machines
 * without a hardware security module; the file is created once, mode 600; only a change of
 * passphrase replaces it, by the same secret.
 */

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'

export type KeyFileFault =
  | { readonly kind: 'wrong-passphrase'; readonly path: string }
  | { readonly kind: 'damaged'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly detail: string }

interface KeyFileText {
  readonly version: 1
  readonly salt: string
  readonly nonce: string
  readonly sealed: string
}

/** OWASP's scrypt floor: N = 2^17, r = 8, p = 1 (128 MiB, about 0.3 s), once per start. */
const scryptCost = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1_048_576 }

const stretch = (passphrase: string, salt: Uint8Array): Buffer => scryptSync(passphrase, salt, 32, scryptCost)

/** Opens the secret at `path`, or creates a random one there first. Durable before it is returned. */
export function openOrCreateKeyFile(path: string, passphrase: string): Result<Bytes, KeyFileFault> {
  try {
    if (!existsSync(path)) create(path, passphrase)
    return open(path, passphrase)
  } catch (error) {
    return err({ kind: 'unreadable', path, detail: error instanceof Error ? error.message : String(error) })
  }
}

/**
 * Seals the same secret under another passphrase. A power cut leaves the old file or the new one; what is under the new
 * passphrase already is left alone, so an interrupted change is finished by asking again.
 */
export function resealKeyFile(path: string, before: string, after: string): Result<void, KeyFileFault> {
  try {
    if (open(path, after).ok) return ok(undefined)
    const secret = open(path, before)
    if (!secret.ok) return secret
    create(path, after, secret.value)
    return ok(undefined)
  } catch (error) {
    return err({ kind: 'unreadable', path, detail: error instanceof Error ? error.message : String(error) })
  }
}

function create(path: string, passphrase: string, secret: Uint8Array = randomBytes(32)): void {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', stretch(passphrase, salt), nonce)
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  const text: KeyFileText = {
    version: 1,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    sealed: sealed.toString('base64'),
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const partial = `${path}.${process.pid}.partial`
  const file = openSync(partial, 'wx', 0o600)
  writeSync(file, JSON.stringify(text))
  fsyncSync(file)
  closeSync(file)
  renameSync(partial, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function open(path: string, passphrase: string): Result<Bytes, KeyFileFault> {
  const text = parse(readFileSync(path, 'utf8'))
  if (text === undefined) return err({ kind: 'damaged', path })
  const sealed = Buffer.from(text.sealed, 'base64')
  if (sealed.length !== 48) return err({ kind: 'damaged', path })
  const decipher = createDecipheriv(
    'aes-256-gcm',
    stretch(passphrase, Buffer.from(text.salt, 'base64')),
    Buffer.from(text.nonce, 'base64'),
  )
  decipher.setAuthTag(sealed.subarray(32))
  try {
    return ok(toBytes(Buffer.concat([decipher.update(sealed.subarray(0, 32)), decipher.final()])))
  } catch {
    return err({ kind: 'wrong-passphrase', path })
  }
}

function parse(text: string): KeyFileText | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isKeyFile =
      typeof value === 'object' &&
      value !== null &&
      (value as KeyFileText).version === 1 &&
      [(value as KeyFileText).salt, (value as KeyFileText).nonce, (value as KeyFileText).sealed].every(
        (part) => typeof part === 'string',
      )
    return isKeyFile ? (value as KeyFileText) : undefined
  } catch {
    return undefined
  }
}
