/**
 * What somebody who passes by carries for chargers without a link: sealed parcels up, sealed answers down. Bounded in bytes,
 * in number and in time, because anybody may fill it: a label is nobody's word. A value; whoever keeps it on a disk keeps
 * `recordsOf` it and opens them again with `openCarrierBag`. Pure.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Mailbox, ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { EpochSeconds } from '@/lib/core/units'
import type { Posted } from './carry'
import { decodeParcel, parcelPriorities, type ParcelLabel } from './parcel'

interface CarriedParcel {
  readonly label: ParcelLabel
  readonly bytes: Bytes
  /** By the carrier's clock. A label's own hour is a stranger's word, and counts for nothing here. */
  readonly takenAtS: EpochSeconds
}

interface CarriedAnswer {
  readonly mailbox: Mailbox
  readonly bytes: Bytes
  readonly takenAtS: EpochSeconds
}

export interface CarrierBag {
  /** In the order in which they are to be handed in. */
  readonly parcels: readonly CarriedParcel[]
  /** Oldest first. */
  readonly answers: readonly CarriedAnswer[]
}

/** As it is kept on a disk. */
type CarrierRecord =
  ({ readonly kind: 'parcel' } & Omit<CarriedParcel, 'label'>) | ({ readonly kind: 'answer' } & CarriedAnswer)

export const emptyBag: CarrierBag = { parcels: [], answers: [] }

const hourS = 3_600

/** What is on the disk may be damaged, of long ago, or too much: what remains is a bag like any other. */
export function openCarrierBag(records: readonly CarrierRecord[], nowS: EpochSeconds): CarrierBag {
  let bag = emptyBag
  for (const record of records)
    bag =
      record.kind === 'parcel'
        ? takeParcel(bag, record.bytes, record.takenAtS).bag
        : withAnswer(bag, { mailbox: record.mailbox, bytes: record.bytes, takenAtS: record.takenAtS })
  return withoutOld(bag, nowS)
}

export const recordsOf = ({ parcels, answers }: CarrierBag): readonly CarrierRecord[] => [
  ...parcels.map(({ bytes, takenAtS }) => ({ kind: 'parcel' as const, bytes, takenAtS })),
  ...answers.map((answer) => ({ kind: 'answer' as const, ...answer })),
]

interface TakenParcel {
  readonly bag: CarrierBag
  /** `known`: it is here already; `full`: what is here is worth more. */
  readonly outcome: 'taken' | 'known' | 'damaged' | 'full'
}

/** Of what does not fit, the least urgent goes, and among these what was carried longest. */
export function takeParcel(bag: CarrierBag, bytes: Bytes, nowS: EpochSeconds): TakenParcel {
  if (bytes.length > limits.carrierParcelBytesMax) return { bag, outcome: 'full' }
  const parcel = decodeParcel(bytes)
  if (!parcel.ok) return { bag, outcome: 'damaged' }
  const { label } = parcel.value
  const isHere = (parcels: readonly CarriedParcel[]): boolean =>
    parcels.some((held) => held.label.id === label.id)
  if (isHere(bag.parcels)) return { bag, outcome: 'known' }
  const parcels = fitting([...bag.parcels, { label, bytes, takenAtS: nowS }])
  return isHere(parcels) ? { bag: { ...bag, parcels }, outcome: 'taken' } : { bag, outcome: 'full' }
}

/** Newest of the most urgent first while there is room; the result is in the order of handing in. */
function fitting(parcels: readonly CarriedParcel[]): readonly CarriedParcel[] {
  const byWorth = [...parcels].sort((a, b) => rankOf(a) - rankOf(b) || b.takenAtS - a.takenAtS)
  const kept = withinBounds(byWorth, limits.carrierParcelsMax)
  return kept.sort((a, b) => rankOf(a) - rankOf(b) || a.takenAtS - b.takenAtS)
}

const rankOf = ({ label }: CarriedParcel): number => parcelPriorities.indexOf(label.priority)

function withinBounds<T extends { readonly bytes: Bytes }>(items: readonly T[], countMax: number): T[] {
  const kept: T[] = []
  let room = limits.carrierBytesMax
  for (const item of items) {
    room -= item.bytes.length
    if (room < 0 || kept.length === countMax) break
    kept.push(item)
  }
  return kept
}

/**
 * Without what is past its lifetime, counted from when it was taken and never longer than a carrier's own. A clock that
 * was set back keeps things longer, by as much as it was set back.
 */
export const withoutOld = ({ parcels, answers }: CarrierBag, nowS: EpochSeconds): CarrierBag => ({
  parcels: parcels.filter(
    ({ label, takenAtS }) => takenAtS + Math.min(label.lifetimeH, limits.carrierLifetimeH) * hourS > nowS,
  ),
  answers: answers.filter(({ takenAtS }) => takenAtS + limits.carrierLifetimeH * hourS > nowS),
})

/** The newest few for each mailbox: each answer also acknowledges what the earlier ones did. */
function withAnswer(bag: CarrierBag, answer: CarriedAnswer): CarrierBag {
  const isIts = ({ mailbox }: CarriedAnswer): boolean => mailbox === answer.mailbox
  const others = bag.answers.filter((held) => !isIts(held))
  const its = [...bag.answers.filter(isIts), answer].slice(-limits.carrierAnswersPerMailboxMax)
  const oldestFirst = [...others, ...its].sort((a, b) => a.takenAtS - b.takenAtS)
  return { ...bag, answers: withinBounds(oldestFirst.reverse(), limits.carrierAnswersMax).reverse() }
}

export const answersFor = (bag: CarrierBag, mailbox: Mailbox): readonly Bytes[] =>
  bag.answers.filter((answer) => answer.mailbox === mailbox).map(({ bytes }) => bytes)

/** A device said that it has its answers. */
export const withoutAnswersFor = (bag: CarrierBag, mailbox: Mailbox): CarrierBag => ({
  ...bag,
  answers: bag.answers.filter((answer) => answer.mailbox !== mailbox),
})

interface CarryHomePorts {
  post(parcel: Bytes, label: { readonly id: ParcelId; readonly mailbox: Mailbox }): Promise<Posted>
  /** Brings it to the disk. Resolves with false where that failed: then nothing more is handed in. */
  keep(bag: CarrierBag): Promise<boolean>
  nowS(): EpochSeconds
}

interface CarriedHome {
  readonly bag: CarrierBag
  readonly answered: number
  /** The operator does not want these, ever: they are not carried on. */
  readonly refused: number
  readonly stopped: 'later' | 'not-kept' | undefined
}

/**
 * Hands in what is here, most urgent first, and stops where nobody answers. A cut between an answer and its being kept
 * hands the parcel in again, which changes nothing at the operator and brings an answer again.
 */
export async function carryHome(bag: CarrierBag, ports: CarryHomePorts): Promise<CarriedHome> {
  let sofar: CarriedHome = { bag: withoutOld(bag, ports.nowS()), answered: 0, refused: 0, stopped: undefined }
  for (const { label, bytes } of sofar.bag.parcels) {
    const posted = await ports.post(bytes, label)
    if (posted.kind === 'later') return { ...sofar, stopped: 'later' }
    sofar = settled(sofar, label, posted, ports.nowS())
    if (!(await ports.keep(sofar.bag))) return { ...sofar, stopped: 'not-kept' }
  }
  return sofar
}

function settled(
  sofar: CarriedHome,
  { id, mailbox }: ParcelLabel,
  posted: Exclude<Posted, { kind: 'later' }>,
  takenAtS: EpochSeconds,
): CarriedHome {
  const bag = { ...sofar.bag, parcels: sofar.bag.parcels.filter(({ label }) => label.id !== id) }
  if (posted.kind === 'refused') return { ...sofar, bag, refused: sofar.refused + 1 }
  const answered = withAnswer(bag, { mailbox, bytes: posted.bytes, takenAtS })
  return { ...sofar, bag: answered, answered: sofar.answered + 1 }
}
