/**
 * What seals the key files: a passphrase from the environment, or for development a random one in a file that only
 * this user can read. The file protects nothing against whoever has the disk; a charger in the field gets its
 * passphrase from outside.
 */

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { err, ok, type Result } from '@/lib/core/result'

export interface PassphraseFault {
  readonly sentence: string
}

const lengthMin = 12

export function readPassphrase(
  fromEnvironment: string | undefined,
  developmentPath: string,
): Result<string, PassphraseFault> {
  if (fromEnvironment !== undefined) {
    return fromEnvironment.length >= lengthMin
      ? ok(fromEnvironment)
      : err({ sentence: `OUTPOST_KIOSK_PASSPHRASE must have at least ${lengthMin} characters.` })
  }
  try {
    if (!existsSync(developmentPath)) create(developmentPath)
    if ((statSync(developmentPath).mode & 0o077) !== 0) {
      return err({ sentence: `${developmentPath} can be read by others; give it mode 600.` })
    }
    const text = readFileSync(developmentPath, 'utf8').trim()
    return text.length >= lengthMin
      ? ok(text)
      : err({ sentence: `${developmentPath} holds no passphrase; the keys that it sealed are lost with it.` })
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return err({ sentence: `The passphrase at ${developmentPath} cannot be read or made: ${detail}.` })
  }
}

function create(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, randomBytes(32).toString('base64url'))
  fsyncSync(file)
  closeSync(file)
}
