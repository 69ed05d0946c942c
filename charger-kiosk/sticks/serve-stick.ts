/**
 * A stick that somebody plugged in: answers on it are taken in, then everything that the operator has not acknowledged is
 * put onto it, sealed. One parcel after the other, so that neither a slow stick nor a long log holds up a charger or fills
 * its memory. The log itself changes only by what an issuer signed: a stick may be lost, full, old or hostile.
 */

import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { errorCode, type NewFile, type StickFolder } from '@/lib/roads/stick-folder'
import { bagItem, bagItemOverhead, bagTitle, openBag } from '@/lib/sync/bag'
import type { ParcelPost } from '../controller/parcel-post'

export interface StickDone {
  /** Answers that told something new, those known before, and what could not be used. */
  readonly news: number
  readonly known: number
  readonly refused: number
  /** What lies on the stick now of this charger. */
  readonly parcels: number
  readonly bytes: number
  /** It holds less than the log has to tell; the rest comes when this was acknowledged. */
  readonly isPart: boolean
  /** Why nothing new was put onto it, or not all: `stick.full`, `stick.unreadable`, `parcel.no-key`, a fault of the journal. */
  readonly fault: Refusal | null
}

type Post = Pick<ParcelPost, 'mailbox' | 'size' | 'pack' | 'take'>

/** About 80 kB: small enough that a phone could carry it as well, large enough that the seal costs nothing. */
const eventsMax = 256
/** A technician comes by within half a year. */
const lifetimeH = 183 * 24

export async function serveStick(openFolder: () => Promise<StickFolder>, post: Post): Promise<StickDone> {
  let done: StickDone = { news: 0, known: 0, refused: 0, parcels: 0, bytes: 0, isPart: false, fault: null }
  try {
    const folder = await openFolder()
    done = { ...done, ...(await takeAnswers(folder, post)) }
    return { ...done, ...(await putParcels(folder, post)) }
  } catch (error) {
    return { ...done, fault: faultOf(error) }
  }
}

/** What is no fault of a file is none of the stick's. */
function faultOf(error: unknown): Refusal {
  const code = errorCode(error)
  if (code === undefined) throw error
  return refusal(isFull(code) ? 'stick.full' : 'stick.unreadable')
}

const isFull = (code: string): boolean => code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'

/** What is damaged, old or another charger's is counted and changes nothing. */
async function takeAnswers(
  folder: StickFolder,
  post: Post,
): Promise<Pick<StickDone, 'news' | 'known' | 'refused'>> {
  const count = { news: 0, known: 0, refused: 0 }
  const file = await folder.read(`${post.mailbox}.answers`)
  if (file === undefined) return count
  try {
    const bag = await openBag(file)
    if (bag?.kind !== 'answers') return { ...count, refused: 1 }
    for await (const piece of bag.pieces()) {
      const taken = piece.kind === 'item' ? await post.take(piece.bytes) : undefined
      if (taken?.ok !== true) count.refused += 1
      else if (taken.value === 'advanced') count.news += 1
      else count.known += 1
    }
    return count
  } catch (error) {
    // Half of it was read: that half counts, and whether the stick can be written is found out next.
    faultOf(error)
    return { ...count, refused: count.refused + 1 }
  } finally {
    await file.close().catch(() => undefined)
  }
}

type Put = Pick<StickDone, 'parcels' | 'bytes' | 'isPart' | 'fault'>

async function putParcels(folder: StickFolder, post: Post): Promise<Put> {
  const name = `${post.mailbox}.parcels`
  const file = await folder.create(name)
  try {
    const put = await append(file, post)
    if (!put.ok) return { parcels: 0, bytes: 0, isPart: false, fault: put.error }
    // Half of what there is must not take the place of more than that.
    if (put.value.fault !== null && put.value.bytes <= (await sizeOf(folder, name)))
      return { parcels: 0, bytes: 0, isPart: true, fault: put.value.fault }
    await file.keep()
    return put.value
  } finally {
    await file.drop()
  }
}

async function sizeOf(folder: StickFolder, name: string): Promise<number> {
  const file = await folder.read(name)
  await file?.close()
  return file?.size ?? 0
}

/** Where the stick has no more room, what is whole stays. */
async function append(file: NewFile, post: Post): Promise<Result<Put, Refusal>> {
  // What comes in meanwhile is for the next stick: a busy charger must not write for ever.
  const end = post.size
  const put = { parcels: 0, bytes: 0, isPart: false, fault: null }
  try {
    const title = bagTitle('parcels')
    await file.append(title)
    put.bytes = title.length
    let fromSeq = 0
    do {
      const room = limits.bagBytesMax - put.bytes - bagItemOverhead
      const packed = await post.pack({ bytesMax: room, countMax: 1, eventsMax, lifetimeH, fromSeq })
      if (!packed.ok) return packed
      const [next] = packed.value
      if (next === undefined) break
      if (next.bytes.length > room || put.parcels === limits.bagItemsMax) return ok({ ...put, isPart: true })
      const item = bagItem(next.bytes)
      await file.append(item)
      put.bytes += item.length
      put.parcels += 1
      fromSeq = next.range.to
    } while (fromSeq < end)
    return ok(put)
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code !== 'stick.full' || put.parcels === 0) throw error
    await file.cutTo(put.bytes)
    return ok({ ...put, isPart: true, fault })
  }
}
