/**
 * The folder of ours on a stick, at a charger or at a laptop. A stranger may have prepared the stick: nothing here follows a
 * link out of it, opens what is no plain file, or waits for a pipe. A new file is written beside the old one and takes its place in one step, so that
 * a stick that is pulled out has the old one or the new one, whole.
 */

import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { BagSource } from '@/lib/sync/bag'

/** Everything else on a stick is none of our business. */
export const stickFolderName = 'outpost'

export interface ReadFile extends BagSource {
  close(): Promise<void>
}

/** Each of its acts may throw what the system says, `ENOSPC` where there is no more room. */
export interface NewFile {
  append(bytes: Uint8Array): Promise<void>
  /** Takes back what was appended beyond `length`. */
  cutTo(length: number): Promise<void>
  /** Down to the stick, and then in the place of the old one. */
  keep(): Promise<void>
  drop(): Promise<void>
}

export interface StickFolder {
  /** Names of what ends so, in their order. */
  list(ending: string): Promise<readonly string[]>
  /** Undefined where there is no plain file of that name. */
  read(name: string): Promise<ReadFile | undefined>
  create(name: string): Promise<NewFile>
}

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants

/** More chargers than anybody visits with one stick. */
const namesMax = 1_000

/** Makes the folder where it is missing. Throws what the system says. */
export async function openStickFolder(folder: string): Promise<StickFolder> {
  await mkdir(folder).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
  if (!(await lstat(folder)).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' })
  return {
    list: async (ending) =>
      (await readdir(folder))
        .filter((name) => name.endsWith(ending))
        .sort()
        .slice(0, namesMax),
    read: (name) => readPlainFile(join(folder, name)),
    create: (name) => createFile(folder, name),
  }
}

/** What the system says, such as `ENOSPC`; undefined: no fault of a file. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

async function readPlainFile(path: string): Promise<ReadFile | undefined> {
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return undefined
  const entry = await file.stat()
  if (!entry.isFile()) {
    await file.close()
    return undefined
  }
  return { size: entry.size, read: (from, to) => readAt(file, from, to), close: () => file.close() }
}

async function readAt(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

async function createFile(folder: string, name: string): Promise<NewFile> {
  const path = join(folder, name)
  const partial = `${path}.partial`
  // What a visit left that was cut short; a link goes itself, and not what it points to.
  await rm(partial, { force: true, recursive: true })
  const file = await open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  return {
    append: (bytes) => file.appendFile(bytes),
    cutTo: (length) => file.truncate(length),
    keep: async () => {
      await file.sync()
      await file.close()
      await rename(partial, path)
      await syncFolder(folder)
    },
    drop: async () => {
      await file.close().catch(() => undefined)
      await rm(partial, { force: true }).catch(() => undefined)
    },
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Some systems, and some file systems of sticks, know no such thing for folders; the file itself is on it.
  const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
