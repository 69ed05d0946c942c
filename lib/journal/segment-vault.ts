/**
 * Where the secrets lie under which a log's segment keys are wrapped. There is one secret at a time, of a generation; when
 * segments are to be gone for good the next generation takes its place, and what only the former one opens is lost with it,
 * on this disk and on every copy of it. Each secret is a small sealed file beside the device's other keys.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import { writeDurably } from './durable-file'

export interface SegmentVault {
  /** 32 bytes; undefined where this generation has none, or nobody can open it any more. */
  secretOf(generation: number): Bytes | undefined
  /** Makes the secret of a generation, or keeps a given one under it; durable on return. */
  create(generation: number, secret?: Uint8Array): Bytes
  /** On return nobody can open any other generation. */
  destroyAllBut(generation: number): void
  readonly generations: readonly number[]
}

/** What seals the secrets' files: a key of the device, or of its security module. All throw where the key store does. */
export interface VaultLock {
  /** Part of the files' names, so that a device that changes its lock finds what it sealed before. */
  readonly name: 'sealed' | 'token'
  seal(generation: number, secret: Uint8Array): Uint8Array
  /** Undefined where this lock does not open it. */
  open(generation: number, sealed: Uint8Array): Uint8Array | undefined
  /** Destroys whatever the lock itself keeps for a generation. */
  forget(generation: number): void
}

const secretBytes = 32
const fileName = /^segments-(\d{1,9})\.(?:sealed|token)$/

export const isVaultFile = (name: string): boolean => fileName.test(name)

export function folderVault(folder: string, lock: VaultLock): SegmentVault {
  const pathOf = (generation: number): string => join(folder, `segments-${generation}.${lock.name}`)
  const files = (): readonly { readonly name: string; readonly generation: number }[] =>
    (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
      const generation = fileName.exec(name)?.[1]
      return generation === undefined ? [] : [{ name, generation: Number(generation) }]
    })
  return {
    secretOf(generation) {
      const path = pathOf(generation)
      if (!existsSync(path)) return undefined
      const secret = lock.open(generation, Buffer.from(readFileSync(path, 'utf8'), 'base64'))
      return secret?.length === secretBytes ? toBytes(secret) : undefined
    },
    create(generation, secret = randomBytes(secretBytes)) {
      writeDurably(pathOf(generation), Buffer.from(lock.seal(generation, secret)).toString('base64'))
      return toBytes(secret)
    },
    destroyAllBut(kept) {
      const gone = files().filter(({ name }) => join(folder, name) !== pathOf(kept))
      for (const { generation } of gone) if (generation !== kept) lock.forget(generation)
      for (const { name } of gone) shred(join(folder, name))
    },
    get generations() {
      return [...new Set(files().map(({ generation }) => generation))].sort((left, right) => left - right)
    },
  }
}

/** Overwritten in its place first: the best that a file system allows. Flash may keep a copy, which is still sealed. */
function shred(path: string): void {
  const file = openSync(path, 'r+')
  try {
    writeSync(file, randomBytes(statSync(path).size))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  unlinkSync(path)
}

const nonceBytes = 12
const tagBytes = 16

/** @param key 32 bytes that belong to the device. */
export const deviceLock = (key: Uint8Array): VaultLock => ({
  name: 'sealed',
  seal: (generation, secret) => sealUnder(key, secret, `segments ${generation}`),
  open: (generation, sealed) => openUnder(key, sealed, `segments ${generation}`),
  forget: () => undefined,
})

/** AES-256-GCM with a random nonce in front. `context` must be the same when it is opened. */
export function sealUnder(key: Uint8Array, plain: Uint8Array, context: string): Bytes {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const body = cipher.update(plain)
  cipher.final()
  return toBytes(Buffer.concat([nonce, body, cipher.getAuthTag()]))
}

export function openUnder(key: Uint8Array, sealed: Uint8Array, context: string): Bytes | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(sealed.subarray(end))
  try {
    const plain = decipher.update(sealed.subarray(nonceBytes, end))
    decipher.final()
    return toBytes(plain)
  } catch {
    return undefined
  }
}
