/**
 * A parcel: a bundle sealed to the operator, for carriers who must not read it (a stick, a phone, a neighbour, a satellite).
 * Its label is all that they see. The same bundle always makes a parcel of the same id, however often and by whomever it is
 * carried, so carriers and the operator know repetitions without opening anything. Whoever sealed it can open the answer
 * without having kept anything: its key is drawn from the device's secret and the parcel's id.
 */

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { concat, fromHex, toBytes, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { mailbox, parcelId, type Mailbox, type ParcelId, type SealingKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import type { Seal, SharedKey, Unseal } from '@/lib/crypto/sealing'
import { decodeCborInPlace, encodeCbor } from '@/lib/protocol/cbor'
import { timeField } from '@/lib/protocol/common-fields'
import { at, bytesUpTo, choice, hexBytes, struct, uint } from '@/lib/protocol/fields'

/** What goes first where there is not room for all: news of danger and money before news of how things are. */
export const parcelPriorities = ['urgent', 'ordinary', 'later'] as const
export type ParcelPriority = (typeof parcelPriorities)[number]

/** What carriers read. It names neither the device nor what is inside. */
export interface ParcelLabel {
  readonly id: ParcelId
  /** Where the answer is to go: one for each device, and no more is said of it. */
  readonly mailbox: Mailbox
  /** First 8 bytes of SHA-256 over the key it is sealed to, as hex. */
  readonly keyId: string
  /** Whole hours, so that it does not tell who was there at the time. */
  readonly madeAtS: EpochSeconds
  /** Carriers may drop it afterwards; the operator takes it all the same. */
  readonly lifetimeH: number
  readonly priority: ParcelPriority
}

export interface Parcel {
  readonly label: ParcelLabel
  readonly sealed: Bytes
}

/** What the operator finds inside. */
export interface ParcelContent {
  readonly bundle: Bytes
  /** What the answer is to be sealed under. */
  readonly answerKey: SharedKey
}

const labelMembers = {
  id: at(1, hexBytes(16, parcelId)),
  mailbox: at(2, hexBytes(16, mailbox)),
  keyId: at(
    3,
    hexBytes(8, (hex) => hex),
  ),
  madeAtS: at(4, timeField),
  lifetimeH: at(5, uint(8_784)),
  priority: at(6, choice(parcelPriorities)),
} as const

const labelWire = struct(labelMembers)
const wire = struct({ ...labelMembers, sealed: at(7, bytesUpTo(limits.parcelBytesMax)) })
const contentWire = struct({
  bundle: at(1, bytesUpTo(limits.bundleBytesMax)),
  answerKey: at(2, bytesUpTo(32)),
})

const hourS = 3_600

export const keyIdOf = (key: SealingKey): string => toHex(sha256(fromHex(key)).subarray(0, 8))

/** What a device draws from one secret of its own: where its answers go, and how they open. */
export interface ParcelSecret {
  readonly mailbox: Mailbox
  idOf(bundle: Uint8Array): ParcelId
  answerKeyOf(id: ParcelId): SharedKey
}

/** @param secret 32 bytes that never leave the device. */
export function parcelSecret(secret: Uint8Array): ParcelSecret {
  const draw = (purpose: string, of: Uint8Array): Bytes =>
    toBytes(hmac(nobleSha256, secret, concat(utf8(`outpost parcel ${purpose}\n`), of)))
  const short = (bytes: Uint8Array): string => toHex(bytes.subarray(0, 16))
  return {
    mailbox: mailbox(short(draw('mailbox', new Uint8Array(0)))),
    idOf: (bundle) => parcelId(short(draw('id', sha256(bundle)))),
    answerKeyOf: (id) => draw('answer', fromHex(id)),
  }
}

export interface ToPack {
  readonly bundle: Bytes
  readonly secret: ParcelSecret
  readonly to: SealingKey
  readonly nowS: EpochSeconds
  readonly lifetimeH: number
  readonly priority: ParcelPriority
}

export async function packParcel(pack: ToPack, seal: Seal): Promise<Parcel> {
  const { bundle, secret, to, nowS, lifetimeH, priority } = pack
  const id = secret.idOf(bundle)
  const label: ParcelLabel = {
    ...{ id, mailbox: secret.mailbox, keyId: keyIdOf(to), lifetimeH, priority },
    madeAtS: epochSeconds(nowS - (nowS % hourS)),
  }
  const content = encodeCbor(contentWire.encode({ bundle, answerKey: secret.answerKeyOf(id) }))
  return { label, sealed: await seal(to, content, labelBytes(label)) }
}

export const encodeParcel = ({ label, sealed }: Parcel): Bytes =>
  encodeCbor(wire.encode({ ...label, sealed }))

/** Refuses with `parcel.unreadable`. Nobody vouches for what it says. */
export function decodeParcel(bytes: Uint8Array): Result<Parcel, Refusal> {
  const decoded = decodeCborInPlace(bytes, limits.parcelBytesMax)
  if (!decoded.ok) return err(refusal('parcel.unreadable'))
  const fields = wire.decode(decoded.value, 'parcel')
  if (!fields.ok) return err(refusal('parcel.unreadable'))
  const { sealed, ...label } = fields.value
  return ok({ label, sealed: toBytes(sealed) })
}

/**
 * By one of the operator's keys. Refuses with `parcel.key` where it is sealed to a key that is not there, and with
 * `parcel.unreadable` where it or its label was damaged or altered.
 */
export async function openParcel(
  { label, sealed }: Parcel,
  keys: ReadonlyMap<string, Unseal>,
): Promise<Result<ParcelContent, Refusal>> {
  const unseal = keys.get(label.keyId)
  if (unseal === undefined) return err(refusal('parcel.key'))
  const plain = await unseal(sealed, labelBytes(label))
  const decoded = plain === undefined ? undefined : decodeCborInPlace(plain, limits.parcelBytesMax)
  if (decoded?.ok !== true) return err(refusal('parcel.unreadable'))
  const content = contentWire.decode(decoded.value, 'content')
  if (!content.ok || content.value.answerKey.length !== 32) return err(refusal('parcel.unreadable'))
  return ok({ bundle: toBytes(content.value.bundle), answerKey: toBytes(content.value.answerKey) })
}

const labelBytes = (label: ParcelLabel): Bytes => encodeCbor(labelWire.encode(label))
