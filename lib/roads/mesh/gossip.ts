/**
 * Anti-entropy between neighbours: each asks the others in turn for what it lacks. A parcel runs towards an uplink, to whoever is
 * nearer to one than we are, so that a yard of twenty does not carry everything twenty times. Whoever only says that it is nearer
 * and lets things lie is found out by time: after an hour it goes to everybody who says that the operator spoke there since. Answers go to
 * everybody who has the parcel, and so back along. All of it is idempotent. Pure.
 */

import { toBytes } from '@/lib/core/bytes'
import type { ChargerId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { EpochSeconds } from '@/lib/core/units'
import { parcelPriorities } from '@/lib/sync/parcel'
import type { MeshCall, MeshReply } from './mesh-messages'
import {
  isAnswered,
  withAnswer,
  withHops,
  withoutOld,
  withParcel,
  type Bringer,
  type MeshShelf,
  type ShelvedParcel,
} from './mesh-shelf'
import { bestWay, withWayOf, type Way, type Ways } from './ways'

export interface MeshNode {
  readonly shelf: MeshShelf
  readonly ways: Ways
}

/** How long what we hand to those nearer to an uplink may stay without an answer. */
export const patienceS = 3_600

export function askOf({ shelf, ways }: MeshNode, peer: ChargerId, nowS: EpochSeconds): MeshCall {
  const way = bestWay(ways, nowS, peer)
  const current = withoutOld(shelf, nowS)
  const digests = new Set(current.answers.map(({ digest }) => digest))
  return {
    ...(way === undefined ? {} : { way }),
    have: current.parcels.slice(0, limits.meshIdsMax).map(({ id, hopsLeft }) => ({ id, hopsLeft })),
    turnedAway: [...shelf.turnedAway].filter(([, untilS]) => untilS > nowS).map(([id]) => id),
    answered: [...digests].slice(0, limits.meshIdsMax),
  }
}

/** What a neighbour gets; of its question only its way is remembered. */
export function answerTo(
  node: MeshNode,
  peer: ChargerId,
  call: MeshCall,
  nowS: EpochSeconds,
): { readonly node: MeshNode; readonly reply: MeshReply } {
  const shelf = withoutOld(node.shelf, nowS)
  const ways = withWayOf(node.ways, peer, call.way, nowS)
  const [mine, own] = [bestWay(ways, nowS, peer), bestWay(node.ways, nowS, peer)]
  const theirs = new Map(call.have.map(({ id, hopsLeft }) => [id, hopsLeft]))
  const unwanted = new Set([...theirs.keys(), ...call.turnedAway])
  let room = limits.meshReplyBytesMax
  const fits = ({ bytes }: { readonly bytes: Uint8Array }): boolean => {
    const isFirst = room === limits.meshReplyBytesMax
    const isIn = isFirst || bytes.length <= room
    if (isIn) room -= bytes.length
    return isIn
  }
  const digests = new Set(call.answered)
  const answers = shelf.answers
    .filter(({ id, digest }) => theirs.has(id) && !digests.has(digest))
    .slice(0, limits.meshReplyItemsMax)
    .filter(fits)
  const parcels = inTurns(shelf.parcels)
    .filter((parcel) => !unwanted.has(parcel.id) && mayGo(shelf, parcel, call.way, mine, nowS))
    .slice(0, limits.meshReplyItemsMax)
    .filter(fits)
  const raised = shelf.parcels.flatMap(({ id, hopsLeft }) =>
    (theirs.get(id) ?? limits.meshHopsMax) < hopsLeft - 1 ? [{ id, hopsLeft: hopsLeft - 1 }] : [],
  )
  const reply = {
    ...(own === undefined ? {} : { way: own }),
    parcels: parcels.map(({ bytes, hopsLeft, ageS, takenAtS }) => ({
      ...{ bytes, hopsLeft: hopsLeft - 1, ageS: ageS + Math.max(0, nowS - takenAtS) },
    })),
    raised,
    answers: answers.map(({ bytes }) => bytes),
  }
  return { node: { shelf, ways }, reply }
}

/** @param theirs the way of whoever asks, which does not lead through us */
function mayGo(
  shelf: MeshShelf,
  { id, hopsLeft, takenAtS }: ShelvedParcel,
  theirs: Way | undefined,
  mine: Way | undefined,
  nowS: EpochSeconds,
): boolean {
  if (hopsLeft === 0 || theirs === undefined) return false
  // Only where the operator is said to have spoken since: a yard whose one uplink is dead does not fill twenty disks.
  if (nowS - takenAtS >= patienceS && theirs.ageS < patienceS) return true
  return !isAnswered(shelf, id) && (mine === undefined || theirs.hops < mine.hops)
}

/** Our own first, then one of each neighbour in turn, the urgent of each first: nobody crowds out the others. */
function inTurns(parcels: readonly ShelvedParcel[]): readonly ShelvedParcel[] {
  const turns = new Map<Bringer, number>()
  const rankOf = ({ priority }: ShelvedParcel): number => parcelPriorities.indexOf(priority)
  return [...parcels]
    .sort((one, other) => rankOf(one) - rankOf(other))
    .map((parcel) => {
      const turn = turns.get(parcel.from) ?? 0
      turns.set(parcel.from, turn + 1)
      return { parcel, turn: parcel.from === 'own' ? -1 : turn }
    })
    .sort((one, other) => one.turn - other.turn)
    .map(({ parcel }) => parcel)
}

/** What a neighbour brought. What was not asked for, and what is garbage, changes nothing. */
export function withReply(node: MeshNode, peer: ChargerId, reply: MeshReply, nowS: EpochSeconds): MeshNode {
  let shelf = withoutOld(node.shelf, nowS)
  for (const { id, hopsLeft } of reply.raised) shelf = withHops(shelf, id, hopsLeft)
  for (const parcel of reply.parcels)
    shelf = withParcel(shelf, peer, { ...parcel, bytes: toBytes(parcel.bytes) }, nowS)
  for (const answer of reply.answers) shelf = withAnswer(shelf, peer, toBytes(answer))
  return { shelf, ways: withWayOf(node.ways, peer, reply.way, nowS) }
}
