/**
 * What the operator answers to a parcel, sealed under the key that lay in it: acknowledgement and news, or why the bundle
 * was refused. Carriers read its label and nothing else. Whoever opens it has verified nothing yet but that it is the answer
 * to this parcel; what it holds is signed by itself.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { mailbox, parcelId, type Mailbox, type ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { sealShared, unsealShared } from '@/lib/crypto/hpke'
import type { SharedKey } from '@/lib/crypto/sealing'
import { decodeCborInPlace, encodeCbor } from '@/lib/protocol/cbor'
import { at, bytesUpTo, hexBytes, list, optional, struct, text, uint } from '@/lib/protocol/fields'
import type { RoadFault, RoadNews } from './road'

export interface AnswerLabel {
  readonly id: ParcelId
  readonly mailbox: Mailbox
}

export interface ParcelAnswer {
  readonly label: AnswerLabel
  readonly sealed: Bytes
}

const labelMembers = { id: at(1, hexBytes(16, parcelId)), mailbox: at(2, hexBytes(16, mailbox)) } as const
const labelWire = struct(labelMembers)
const wire = struct({ ...labelMembers, sealed: at(3, bytesUpTo(limits.parcelAnswerBytesMax)) })

const message = bytesUpTo(limits.messageBytesMax)
const contentWire = struct({
  acknowledgement: optional(1, message),
  trustList: optional(2, message),
  revocations: optional(3, message),
  policy: optional(4, message),
  nextPolicy: optional(5, message),
  revocationDeltas: optional(6, list(message, 32)),
  permits: optional(7, list(message, 100)),
  certificate: optional(8, message),
  localList: optional(9, list(message, limits.localListPartsMax)),
  /** Of a refusal; then of the above only the first two may be there. */
  code: optional(
    10,
    text(/^[a-z.-]{1,40}$/, (value) => value),
  ),
  /** What the receiver holds, where it said so. */
  size: optional(11, uint(Number.MAX_SAFE_INTEGER)),
})

export async function sealAnswer(
  label: AnswerLabel,
  answer: Result<RoadNews, Omit<RoadFault, 'detail'>>,
  key: SharedKey,
  nonce: Bytes,
): Promise<Bytes> {
  const plain = encodeCbor(contentWire.encode(answer.ok ? answer.value : refusalFields(answer.error)))
  return encodeCbor(wire.encode({ ...label, sealed: await sealShared(key, plain, labelBytes(label), nonce) }))
}

function refusalFields({ code, facts, acknowledgement, trustList }: Omit<RoadFault, 'detail'>) {
  const size = facts?.['size']
  return {
    code,
    ...(acknowledgement === undefined ? {} : { acknowledgement }),
    ...(trustList === undefined ? {} : { trustList }),
    ...(typeof size === 'number' ? { size } : {}),
  }
}

/** Refuses with `parcel.unreadable`. */
export function decodeAnswer(bytes: Uint8Array): Result<ParcelAnswer, Refusal> {
  const decoded = decodeCborInPlace(bytes, limits.parcelAnswerBytesMax)
  if (!decoded.ok) return err(refusal('parcel.unreadable'))
  const fields = wire.decode(decoded.value, 'answer')
  if (!fields.ok) return err(refusal('parcel.unreadable'))
  const { sealed, ...label } = fields.value
  return ok({ label, sealed: toBytes(sealed) })
}

/** Refuses with `parcel.unreadable` where `key` does not open it; an answer that is a refusal comes back as such. */
export async function openAnswer(
  { label, sealed }: ParcelAnswer,
  key: SharedKey,
): Promise<Result<RoadNews, RoadFault>> {
  const plain = await unsealShared(key, sealed, labelBytes(label))
  const decoded = plain === undefined ? undefined : decodeCborInPlace(plain, limits.parcelAnswerBytesMax)
  const content = decoded?.ok === true ? contentWire.decode(decoded.value, 'content') : undefined
  if (content?.ok !== true) return err(unreadable(`The answer to parcel ${label.id} does not open`))
  const { code, size, acknowledgement, trustList, ...news } = content.value
  if (code !== undefined) {
    if (!isReasonCode(code))
      return err(unreadable(`The answer to parcel ${label.id} has a reason unknown here`))
    return err({
      code,
      ...(size === undefined ? {} : { facts: { size } }),
      ...(acknowledgement === undefined ? {} : { acknowledgement: toBytes(acknowledgement) }),
      ...(trustList === undefined ? {} : { trustList: toBytes(trustList) }),
      detail: 'Refused in the answer to a parcel',
    })
  }
  if (acknowledgement === undefined)
    return err(unreadable(`The answer to parcel ${label.id} acknowledges nothing`))
  const copied = Object.entries({ acknowledgement, ...(trustList && { trustList }), ...news }).map(
    ([name, value]) => [name, value instanceof Uint8Array ? toBytes(value) : value.map(toBytes)],
  )
  return ok(Object.fromEntries(copied) as RoadNews)
}

const unreadable = (detail: string): RoadFault => ({ ...refusal('parcel.unreadable'), detail })

const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(reasons, code)

const labelBytes = ({ id, mailbox: box }: AnswerLabel): Bytes =>
  encodeCbor(labelWire.encode({ id, mailbox: box }))
