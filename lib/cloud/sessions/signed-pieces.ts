/**
 * The signed messages of a session, each with every signature checked anew by the chain that leads to the operator's
 * root. What was believed when it came is not believed because it is stored. Pure.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage, verifyMessage, type MessageType, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { voucher } from '@/lib/protocol/messages/voucher'
import { verifyByIssuer } from '@/lib/protocol/trust'
import type { Evidence } from '../ingest/evidence'
import { fieldsOf, type PieceField } from './piece-fields'

/** In the order in which a session makes them. */
export const pieceNames = [
  'certificate',
  'grant',
  'voucher',
  'offer',
  'authorization',
  'bearer-record',
  'answer',
  'receipt',
] as const
export type PieceName = (typeof pieceNames)[number]

export interface SignedPiece {
  readonly name: PieceName
  readonly hash: string
  readonly bytes: Bytes
  readonly fields: readonly PieceField[]
  /** Whose key must have signed it. */
  readonly signer: 'issuer' | 'phone' | 'charger'
  readonly isRight: boolean
}

export interface Keys {
  /** Undefined: the root’s list does not hold, so nobody of it is believed. */
  readonly trust: TrustList | undefined
  readonly verify: Verify
  /** All that the chargers of this evidence were ever certified with. */
  readonly certificates: readonly Uint8Array[]
}

export function signedPieces(evidence: readonly Evidence[], keys: Keys): readonly SignedPiece[] {
  const found = new Map<string, SignedPiece>()
  const add = (piece: SignedPiece | undefined): void => {
    if (piece !== undefined) found.set(`${piece.name} ${piece.hash}`, piece)
  }
  const chargers = chargerKeys(evidence, keys)
  for (const piece of evidence) {
    if (piece.kind === 'consent') {
      add(issued('grant', grant, piece.grantBytes, keys))
      add(signed('authorization', authorization, piece.bytes, 'phone', [piece.grant.deviceKey], keys))
      continue
    }
    add(issued('certificate', chargerCertificate, piece.certificateBytes, keys))
    if (piece.offerBytes !== undefined)
      add(signed('offer', offer, piece.offerBytes, 'charger', chargers, keys))
    if (piece.kind === 'answer') add(signed('answer', answer, piece.bytes, 'charger', chargers, keys))
    if (piece.kind === 'receipt') add(signed('receipt', receipt, piece.bytes, 'charger', chargers, keys))
    if (piece.kind === 'bearer') {
      add(issued('voucher', voucher, piece.voucherBytes, keys))
      add(signed('bearer-record', bearerRecord, piece.bytes, 'charger', chargers, keys))
    }
  }
  return [...found.values()].toSorted(
    (left, right) => pieceNames.indexOf(left.name) - pieceNames.indexOf(right.name),
  )
}

/** Keys that an issuer of ours vouched for, of the chargers that speak here. */
export function chargerKeys(
  evidence: readonly Evidence[],
  { trust, verify, certificates }: Keys,
): readonly PublicKey[] {
  const own = evidence.flatMap((piece) => (piece.kind === 'consent' ? [] : [piece.certificateBytes]))
  return [...own, ...certificates].flatMap((bytes) => {
    const parsed = parseMessage(chargerCertificate, bytes)
    if (!parsed.ok || trust === undefined) return []
    const vouched = verifyByIssuer(parsed.value, trust, undefined, verify)
    return vouched === undefined || vouched.payload.operator !== trust.operator ? [] : [vouched.payload.key]
  })
}

function issued<T extends object>(
  name: PieceName,
  type: MessageType<T>,
  bytes: Uint8Array,
  { trust, verify }: Keys,
): SignedPiece | undefined {
  const parsed = parseMessage(type, bytes)
  if (!parsed.ok) return undefined
  // The issuer's key may have been rotated since: whether it is one of ours is what counts here.
  const isRight = trust !== undefined && verifyByIssuer(parsed.value, trust, undefined, verify) !== undefined
  return described(name, parsed.value, 'issuer', isRight)
}

function signed<T extends object>(
  name: PieceName,
  type: MessageType<T>,
  bytes: Uint8Array,
  signer: 'phone' | 'charger',
  possible: readonly PublicKey[],
  { verify }: Keys,
): SignedPiece | undefined {
  const parsed = parseMessage(type, bytes)
  if (!parsed.ok) return undefined
  const isRight = possible.some((key) => verifyMessage(parsed.value, key, verify) !== undefined)
  return described(name, parsed.value, signer, isRight)
}

const described = <T extends object>(
  name: PieceName,
  { hash, bytes, payload }: ParsedMessage<T>,
  signer: SignedPiece['signer'],
  isRight: boolean,
): SignedPiece => ({ name, hash, bytes, fields: fieldsOf(payload), signer, isRight })
