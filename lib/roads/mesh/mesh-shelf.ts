/**
 * What a charger keeps for its neighbours, and its own parcels beside it: sealed, and unable to read any of it. Each neighbour has
 * a share of its own, and what it brings makes room only among what it brought: whoever floods or lies about labels displaces
 * neither the others nor our own log. An answer is nobody's proof, so it takes no parcel away; that is done by age. Pure.
 */

import { toHex, type Bytes } from '@/lib/core/bytes'
import type { ChargerId, ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { addSeconds, type EpochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import { decodeParcel, parcelPriorities, type ParcelPriority } from '@/lib/sync/parcel'
import { decodeAnswer } from '../parcel-answer'

/** `own`: of this device itself. */
export type Bringer = ChargerId | 'own'

export interface ShelvedParcel {
  readonly id: ParcelId
  readonly bytes: Bytes
  readonly priority: ParcelPriority
  readonly from: Bringer
  /** Neighbours that it may still pass. */
  readonly hopsLeft: number
  readonly takenAtS: EpochSeconds
  /** Since it left the device that made it, when it was taken. */
  readonly ageS: number
  /** When it is too old, by our own clock. */
  readonly endsAtS: EpochSeconds
}

export interface ShelvedAnswer {
  readonly id: ParcelId
  readonly bytes: Bytes
  readonly digest: string
  readonly from: Bringer
}

/** Both in the order in which they came. */
export interface MeshShelf {
  readonly parcels: readonly ShelvedParcel[]
  readonly answers: readonly ShelvedAnswer[]
  /** For which there was no room: not asked for again until then. */
  readonly turnedAway: ReadonlyMap<ParcelId, EpochSeconds>
}

export const emptyShelf: MeshShelf = { parcels: [], answers: [], turnedAway: new Map() }

export interface ComingParcel {
  readonly bytes: Bytes
  readonly hopsLeft: number
  readonly ageS: number
}

const turnedAwayForS = 600

/** Garbage, what is too old and what is here already change nothing. */
export function withParcel(
  shelf: MeshShelf,
  from: Bringer,
  { bytes, hopsLeft, ageS }: ComingParcel,
  nowS: EpochSeconds,
): MeshShelf {
  if (bytes.length > limits.carrierParcelBytesMax) return shelf
  const decoded = decodeParcel(bytes)
  if (!decoded.ok) return shelf
  const { id, priority, lifetimeH } = decoded.value.label
  const lifeS = Math.min(lifetimeH * 3_600, limits.meshLifetimeS)
  if (ageS >= lifeS || shelf.parcels.some((held) => held.id === id)) return shelf
  if (!hasShare(shelf, from)) return shelf
  const parcel = { id, bytes, priority, from, hopsLeft, takenAtS: nowS, ageS }
  const parcels = [...shelf.parcels, { ...parcel, endsAtS: addSeconds(nowS, lifeS - ageS) }]
  const going = tooMuchOf(shelf, parcels, from)
  const turnedAway = new Map([...shelf.turnedAway].filter(([, untilS]) => untilS > nowS))
  for (const gone of going) turnedAway.set(gone, addSeconds(nowS, turnedAwayForS))
  for (const oldest of turnedAway.keys()) {
    if (turnedAway.size + parcels.length <= limits.meshIdsMax) break
    turnedAway.delete(oldest)
  }
  return { ...shelf, parcels: parcels.filter((held) => !going.has(held.id)), turnedAway }
}

function hasShare({ parcels }: MeshShelf, from: Bringer): boolean {
  const bringers = new Set(parcels.map((parcel) => parcel.from))
  bringers.delete('own')
  return from === 'own' || bringers.has(from) || bringers.size < limits.meshPeersMax
}

/** Of one neighbour's share: what seems to be answered goes first, then the least urgent, then the newest. */
function tooMuchOf(shelf: MeshShelf, parcels: readonly ShelvedParcel[], from: Bringer): Set<ParcelId> {
  const rankOf = ({ id, priority }: ShelvedParcel): number =>
    parcelPriorities.indexOf(priority) + (isAnswered(shelf, id) ? parcelPriorities.length : 0)
  const its = parcels.filter((parcel) => parcel.from === from)
  const byWorth = its.sort((one, other) => rankOf(one) - rankOf(other))
  let [bytes, count] = [0, 0]
  const going = byWorth.filter((parcel) => {
    const fits = bytes + parcel.bytes.length <= limits.meshShareBytesMax && count < limits.meshShareParcelsMax
    if (fits) [bytes, count] = [bytes + parcel.bytes.length, count + 1]
    return !fits
  })
  return new Set(going.map(({ id }) => id))
}

/** As somebody says. */
export const isAnswered = ({ answers }: MeshShelf, id: ParcelId): boolean =>
  answers.some((answer) => answer.id === id)

/** Only to parcels that are here. Some of each neighbour for each of them: a forged one keeps no other from passing. */
export function withAnswer(shelf: MeshShelf, from: Bringer, bytes: Bytes): MeshShelf {
  const decoded = decodeAnswer(bytes)
  if (!decoded.ok) return shelf
  const { id } = decoded.value.label
  const digest = digestOf(bytes)
  const isKnown = shelf.answers.some((held) => held.id === id && held.digest === digest)
  if (isKnown || !shelf.parcels.some((parcel) => parcel.id === id)) return shelf
  const isIts = (held: ShelvedAnswer): boolean => held.from === from
  const others = shelf.answers.filter((held) => !isIts(held))
  const its = shelf.answers.filter((held) => isIts(held) && held.id !== id)
  const same = shelf.answers.filter((held) => isIts(held) && held.id === id)
  const answer = { id, bytes, digest, from }
  const kept = [...its, ...[...same, answer].slice(-limits.meshAnswersPerParcelMax)]
  return { ...shelf, answers: [...others, ...kept.slice(-limits.meshShareAnswersMax)] }
}

const digestOf = (bytes: Bytes): string => toHex(sha256(bytes).subarray(0, 8))

/** A neighbour knows a shorter way from the device that made it. */
export const withHops = (shelf: MeshShelf, id: ParcelId, hopsLeft: number): MeshShelf => ({
  ...shelf,
  parcels: shelf.parcels.map((parcel) =>
    parcel.id === id && parcel.hopsLeft < hopsLeft ? { ...parcel, hopsLeft } : parcel,
  ),
})

/** Our own log has moved on: of our own parcels only these are still worth carrying. */
export const withoutOwnBut = (shelf: MeshShelf, wanted: ReadonlySet<ParcelId>): MeshShelf =>
  withoutOrphans({
    ...shelf,
    parcels: shelf.parcels.filter(({ from, id }) => from !== 'own' || wanted.has(id)),
  })

export const withoutOld = (shelf: MeshShelf, nowS: EpochSeconds): MeshShelf =>
  withoutOrphans({ ...shelf, parcels: shelf.parcels.filter(({ endsAtS }) => endsAtS > nowS) })

function withoutOrphans(shelf: MeshShelf): MeshShelf {
  const ids = new Set(shelf.parcels.map(({ id }) => id))
  return { ...shelf, answers: shelf.answers.filter(({ id }) => ids.has(id)) }
}
