/**
 * What a carrier does with a bag of parcels: hands in one after the other, in their order, and keeps the answers. Sealed on
 * both ways, it knows of each only its id. Doing it again costs nothing: what was answered before is not handed in again,
 * and the operator knows repetitions by their ids. The same on a laptop and in a browser.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Mailbox, ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Bag } from './bag'
import { bagItemOverhead, bagTitle } from './bag'
import { decodeParcel } from './parcel'

/** `refused`: of this parcel, and for good; `later`: nobody there, or too busy. */
export type Posted =
  | { readonly kind: 'answer'; readonly bytes: Bytes }
  | { readonly kind: 'refused'; readonly code: ReasonCode }
  | { readonly kind: 'later'; readonly detail: string; readonly afterS?: number }

export interface CarryPorts {
  post(parcel: Bytes, label: { readonly id: ParcelId; readonly mailbox: Mailbox }): Promise<Posted>
  wait(seconds: number): Promise<void>
  /** After each parcel: what there is so far, to be shown, or kept where it may be cut short. */
  progress?(sofar: Carried): Promise<void> | void
}

export interface Carried {
  /** Of the parcels in this bag, in their order; the newest, where not all find room in a bag. */
  readonly answers: readonly Bytes[]
  readonly parcels: number
  /** Handed in now, and answered. */
  readonly fresh: number
  /** Answered already when this was begun. */
  readonly known: number
  readonly refused: Readonly<Partial<Record<ReasonCode, number>>>
  /** The file ends in the middle of a parcel, or holds something else. */
  readonly isCut: boolean
  /** Why not everything was handed in; undefined: it was. */
  readonly stopped: string | undefined
}

export const nothingCarried: Carried = {
  ...{ answers: [], parcels: 0, fresh: 0, known: 0, refused: {}, isCut: false, stopped: undefined },
}

const attemptsMax = 5
const waitMaxS = 60

/** @param before answers that were carried home already, by the id of their parcel. */
export async function carryBag(
  bag: Bag,
  before: ReadonlyMap<ParcelId, Bytes>,
  ports: CarryPorts,
): Promise<Carried> {
  let sofar = nothingCarried
  for await (const piece of bag.pieces()) {
    sofar =
      piece.kind === 'cut' ? { ...sofar, isCut: true } : await carryOne(piece.bytes, before, ports, sofar)
    await ports.progress?.(sofar)
    if (sofar.stopped !== undefined) break
  }
  return sofar
}

async function carryOne(
  bytes: Bytes,
  before: ReadonlyMap<ParcelId, Bytes>,
  ports: CarryPorts,
  sofar: Carried,
): Promise<Carried> {
  const parcels = sofar.parcels + 1
  const parcel = decodeParcel(bytes)
  if (!parcel.ok) return { ...sofar, parcels, refused: oneMore(sofar.refused, parcel.error.code) }
  const { label } = parcel.value
  const known = before.get(label.id)
  if (known !== undefined)
    return { ...sofar, parcels, known: sofar.known + 1, answers: withRoom([...sofar.answers, known]) }
  const posted = await insist(() => ports.post(bytes, label), ports)
  switch (posted.kind) {
    case 'answer':
      return {
        ...sofar,
        ...{ parcels, fresh: sofar.fresh + 1, answers: withRoom([...sofar.answers, posted.bytes]) },
      }
    case 'refused':
      return { ...sofar, parcels, refused: oneMore(sofar.refused, posted.code) }
    case 'later':
      // In their order or not at all: the operator takes no piece of a log before the one that it follows.
      return { ...sofar, parcels, stopped: posted.detail }
  }
}

async function insist(post: () => Promise<Posted>, ports: CarryPorts): Promise<Posted> {
  for (let attempt = 1; ; attempt += 1) {
    const posted = await post()
    if (posted.kind !== 'later' || attempt === attemptsMax) return posted
    await ports.wait(Math.min(posted.afterS ?? 2 ** attempt, waitMaxS))
  }
}

const oneMore = (refused: Carried['refused'], code: ReasonCode): Carried['refused'] => ({
  ...refused,
  [code]: (refused[code] ?? 0) + 1,
})

/** Each answer tells all that is new, and acknowledges what the earlier ones did: the oldest may go. */
function withRoom(answers: readonly Bytes[]): readonly Bytes[] {
  let bytes = bagTitle('answers').length
  let first = answers.length
  while (first > 0 && answers.length - first < limits.bagItemsMax) {
    bytes += (answers[first - 1]?.length ?? 0) + bagItemOverhead
    if (bytes > limits.bagBytesMax) break
    first -= 1
  }
  return first === 0 ? answers : answers.slice(first)
}
