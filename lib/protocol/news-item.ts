/**
 * What the issuer tells chargers, one piece as a phone carries it: `[kind, message]`. The kind only says which type to
 * verify it as; a wrong one fails the signature, because the type is part of what was signed.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { decodeCbor, encodeCbor } from './cbor'

const wireNumbers = {
  time: 1,
  'revocation-delta': 2,
  permit: 3,
  acknowledgement: 4,
  'trust-list': 5,
  policy: 6,
  revocations: 7,
  'charger-certificate': 8,
} as const

export type NewsKind = keyof typeof wireNumbers

export interface NewsItem {
  readonly kind: NewsKind
  readonly message: Bytes
}

export const encodeNewsItem = ({ kind, message }: NewsItem): Bytes => encodeCbor([wireNumbers[kind], message])

export function decodeNewsItem(bytes: Uint8Array): Result<NewsItem, ReasonCode> {
  const decoded = decodeCbor(bytes, limits.messageBytesMax)
  if (!decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 2) return err('code.damaged')
  const [wire, message] = decoded.value as readonly unknown[]
  const kind = (Object.keys(wireNumbers) as NewsKind[]).find((name) => wireNumbers[name] === wire)
  if (kind === undefined) return err(typeof wire === 'number' ? 'code.version' : 'code.damaged')
  return message instanceof Uint8Array ? ok({ kind, message: toBytes(message) }) : err('code.damaged')
}
