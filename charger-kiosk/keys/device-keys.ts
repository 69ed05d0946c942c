/**
 * The charger's secrets on a machine without a hardware security module: one sealed key file, from which the signing
 * key and the journal's encryption key are drawn (HKDF, RFC 5869), so that one file is what must be guarded.
 */

import { hkdfSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { unreachable } from '@/lib/core/assert'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import { openOrCreateKeyFile, type KeyFileFault } from '@/lib/crypto/key-file'
import { nodeSigner } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'
import { deviceLock, folderVault, type SegmentVault } from '@/lib/journal/segment-vault'
import { readPassphrase } from './passphrase'

export interface DeviceKeys {
  /** The key with which this charger was enrolled. */
  readonly signer: Signer
  /** Later generations, oldest first; the operator's certificate says which is in use. */
  readonly nextSigners: readonly Signer[]
  /** 64 hex characters. */
  readonly journalKey: string
  /** What the keys of the journal's segments are wrapped under. */
  readonly segments: SegmentVault
}

/** One plain sentence for the technician. */
export interface KeysFault {
  readonly sentence: string
}

/**
 * Opens the keys in `folder`, or makes them there at the first start. Each later generation has a secret of its own: who
 * learned an earlier one has not learned the next.
 */
export function openDeviceKeys(
  folder: string,
  passphrase: string | undefined,
  generations = 1,
): Result<DeviceKeys, KeysFault> {
  const sealing = readPassphrase(passphrase, join(folder, 'passphrase'))
  if (!sealing.ok) return sealing
  const secret = openOrCreateKeyFile(keyFile(folder, 1), sealing.value)
  if (!secret.ok) return err({ sentence: sentenceOf(secret.error) })
  const nextSigners: Signer[] = []
  for (let generation = 2; generation <= generations; generation += 1) {
    const next = openOrCreateKeyFile(keyFile(folder, generation), sealing.value)
    if (!next.ok) return err({ sentence: sentenceOf(next.error) })
    nextSigners.push(nodeSigner(derive(next.value, signing)))
  }
  return ok({
    nextSigners,
    signer: nodeSigner(derive(secret.value, signing)),
    journalKey: toHex(derive(secret.value, 'outpost charger journal key')),
    segments: folderVault(folder, deviceLock(derive(secret.value, 'outpost charger segments'))),
  })
}

/** The signing keys of those generations that have a file; makes none. */
export function fileSigners(
  folder: string,
  passphrase: string | undefined,
  generations: number,
): Result<ReadonlyMap<number, Signer>, KeysFault> {
  const signers = new Map<number, Signer>()
  for (let generation = 1; generation <= generations; generation += 1) {
    const path = keyFile(folder, generation)
    if (!existsSync(path)) continue
    const sealing = readPassphrase(passphrase, join(folder, 'passphrase'))
    if (!sealing.ok) return sealing
    const secret = openOrCreateKeyFile(path, sealing.value)
    if (!secret.ok) return err({ sentence: sentenceOf(secret.error) })
    signers.set(generation, nodeSigner(derive(secret.value, signing)))
  }
  return ok(signers)
}

/** Where the secret of a generation lies. */
export const keyFile = (folder: string, generation: number): string =>
  join(folder, generation === 1 ? 'device.key' : `device-${generation}.key`)

const signing = 'outpost charger signing key'

const derive = (secret: Bytes, purpose: string): Bytes =>
  toBytes(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32)))

function sentenceOf(fault: KeyFileFault): string {
  switch (fault.kind) {
    case 'wrong-passphrase':
      return `${fault.path} was sealed with another passphrase: set OUTPOST_KIOSK_PASSPHRASE to that one.`
    case 'damaged':
      return `${fault.path} is damaged: put it back from a backup, or remove it and enrol the charger afresh.`
    case 'unreadable':
      return `${fault.path} cannot be read: ${fault.detail}.`
    default:
      return unreachable(fault)
  }
}
