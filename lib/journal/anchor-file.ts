/**
 * How far the log had come, in a small plain file beside the database, replaced whole. It lets an opening notice that
 * the database vanished or was put back from a backup, and tell a wrong key from a damaged file.
 */

import { createHmac } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { deviceId, deviceIdPattern } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { journalFault, type JournalFault } from './journal'
import type { Anchor } from './store'

interface AnchorFile extends Anchor {
  readonly version: 1
  /** Recognises the key without helping to find it: a keyed hash, and the key is 32 random bytes. */
  readonly keyCheck: string
}

const fileBytesMax = 1_000

/** Undefined when there is none or its content is not ours; the database is then taken at its word. */
export function readAnchorFile(
  path: string,
  encryptionKey: string,
): Result<Anchor | undefined, JournalFault> {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    return hasCode(error, 'ENOENT') ? ok(undefined) : err(journalFault('unavailable', String(error)))
  }
  const anchor = parseAnchor(content)
  if (anchor === undefined) return ok(undefined)
  if (anchor.keyCheck !== keyCheckOf(encryptionKey))
    return err(journalFault('wrong-key', 'The journal was written under another encryption key'))
  const { device, epoch, acknowledgedSize } = anchor
  return ok({ device, epoch, acknowledgedSize })
}

/** Durable on return: written beside, synced, renamed, and the folder synced. */
export function writeAnchorFile(
  path: string,
  encryptionKey: string,
  anchor: Anchor,
): Result<void, JournalFault> {
  const file: AnchorFile = { version: 1, ...anchor, keyCheck: keyCheckOf(encryptionKey) }
  const beside = `${path}.new`
  try {
    withFile(beside, 'w', (descriptor) => {
      writeSync(descriptor, `${JSON.stringify(file)}\n`)
      fsyncSync(descriptor)
    })
    renameSync(beside, path)
    withFile(dirname(path), 'r', fsyncSync)
    return ok(undefined)
  } catch (error) {
    return err(journalFault(hasCode(error, 'ENOSPC') ? 'full' : 'unavailable', String(error)))
  }
}

function withFile(path: string, flags: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600)
  try {
    work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function parseAnchor(content: string): AnchorFile | undefined {
  if (content.length > fileBytesMax) return undefined
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { version, device, epoch, acknowledgedSize, keyCheck } = value as Partial<Record<string, unknown>>
  if (version !== 1 || typeof keyCheck !== 'string') return undefined
  if (typeof device !== 'string' || !deviceIdPattern.test(device)) return undefined
  if (!isCount(epoch) || !isCount(acknowledgedSize)) return undefined
  return { version, device: deviceId(device), epoch, acknowledgedSize, keyCheck }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const keyCheckOf = (encryptionKey: string): string =>
  createHmac('sha256', encryptionKey).update('outpost/1/journal-key-check').digest('hex').slice(0, 32)

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
