/**
 * A USB stick that somebody plugged in: answers on it are taken in, then everything that the operator has not acknowledged is
 * written onto it, sealed. Piece by piece, so that neither a slow stick nor a long log holds up a charger; into a file beside
 * the old one, so that a stick that is pulled out keeps the old one or has the new one, whole.
 */

import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { encodeBag, readBag } from '@/lib/sync/bag'
import { byteStringHead } from '@/lib/protocol/cbor'
import type { ParcelPost } from '../controller/parcel-post'

/** What is ours on a stick; everything else on it is none of our business. */
const stickFolder = 'outpost'

interface StickDone {
  readonly stick: string
  /** Answers that told something new, those known before, and what could not be used. */
  readonly news: number
  readonly known: number
  readonly refused: number
  readonly parcels: number
  readonly bytes: number
  /** The stick holds less than the log has to tell; the next one takes the rest. */
  readonly isPart: boolean
}

type Post = Pick<ParcelPost, 'mailbox' | 'size' | 'pack' | 'take'>

/** About 80 kB: small enough that a phone could carry it as well, large enough that the seal costs nothing. */
const eventsMax = 256
/** A technician comes by within half a year. */
const lifetimeH = 183 * 24

/**
 * Folders that sticks are mounted on, below any of `places`: mount points, and folders prepared by an `outpost` folder inside.
 * Sorted by name; unreadable ones are left out.
 */
export async function findSticks(places: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const place of places) {
    const names = await readdir(place).catch(() => [])
    const home = await stat(place).catch(() => undefined)
    for (const name of names.sort()) {
      const folder = join(place, name)
      const entry = await stat(folder).catch(() => undefined)
      if (entry?.isDirectory() !== true) continue
      const isMounted = home !== undefined && entry.dev !== home.dev
      const isPrepared = await stat(join(folder, stickFolder)).then(
        (inside) => inside.isDirectory(),
        () => false,
      )
      if (isMounted || isPrepared) found.push(folder)
    }
  }
  return found
}

/** Refuses with `stick.unreadable`, `stick.full`, `parcel.no-key`, or the fault of the charger's own journal. */
export async function serveStick(stick: string, post: Post): Promise<Result<StickDone, Refusal>> {
  const folder = join(stick, stickFolder)
  try {
    await mkdir(folder, { recursive: true })
    const taken = await takeAnswers(join(folder, answersFile(post.mailbox)), post)
    const written = await writeParcels(folder, post)
    return written.ok ? ok({ stick, ...taken, ...written.value }) : written
  } catch (error) {
    return err(refusal(isFull(error) ? 'stick.full' : 'stick.unreadable'))
  }
}

const parcelsFile = (mailbox: string): string => `${mailbox}.parcels`
const answersFile = (mailbox: string): string => `${mailbox}.answers`

interface Taken {
  readonly news: number
  readonly known: number
  readonly refused: number
}

/** What is damaged, old or another charger's is counted and changes nothing. */
async function takeAnswers(path: string, post: Post): Promise<Taken> {
  const size = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  )
  if (size === 0) return { news: 0, known: 0, refused: 0 }
  const bag = size > limits.bagBytesMax ? undefined : readBag(await readFile(path))
  if (bag?.kind !== 'answers') return { news: 0, known: 0, refused: 1 }
  const count = { news: 0, known: 0, refused: bag.isCut ? 1 : 0 }
  for (const item of bag.items) {
    const taken = await post.take(item)
    if (!taken.ok) count.refused += 1
    else if (taken.value === 'advanced') count.news += 1
    else count.known += 1
  }
  return count
}

type Written = Pick<StickDone, 'parcels' | 'bytes' | 'isPart'>

async function writeParcels(folder: string, post: Post): Promise<Result<Written, Refusal>> {
  const path = join(folder, parcelsFile(post.mailbox))
  const partial = `${path}.partial`
  const file = await open(partial, 'w')
  try {
    const written = await writeAll(file, post)
    await file.sync()
    await file.close()
    if (!written.ok) return written
    await rename(partial, path)
    await syncFolder(folder)
    return written
  } finally {
    await file.close().catch(() => undefined)
    await rm(partial, { force: true }).catch(() => undefined)
  }
}

async function writeAll(file: FileHandle, post: Post): Promise<Result<Written, Refusal>> {
  // What comes in meanwhile is for the next stick: a busy charger must not write for ever.
  const end = post.size
  let bytes = await append(file, encodeBag('parcels', []))
  let parcels = 0
  let fromSeq = 0
  do {
    const room = limits.bagBytesMax - bytes - headBytesMax
    const packed = await post.pack({ bytesMax: room, countMax: 1, eventsMax, lifetimeH, fromSeq })
    if (!packed.ok) return packed
    const [next] = packed.value
    if (next === undefined) break
    if (next.bytes.length > room || parcels === limits.bagItemsMax)
      return ok({ parcels, bytes, isPart: true })
    bytes += await append(file, byteStringHead(next.bytes.length), next.bytes)
    parcels += 1
    fromSeq = next.range.to
  } while (fromSeq < end)
  return ok({ parcels, bytes, isPart: false })
}

const headBytesMax = 9

async function append(file: FileHandle, ...pieces: readonly Uint8Array[]): Promise<number> {
  let length = 0
  for (const piece of pieces) {
    await file.writeFile(piece)
    length += piece.length
  }
  return length
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  // Some file systems of sticks know no such thing for folders; the file itself is on it.
  await handle.sync().catch(() => undefined)
  await handle.close()
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
