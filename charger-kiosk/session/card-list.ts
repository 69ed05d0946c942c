/**
 * A site's list of cards, put together from the issuer's signed parts, and who on it a token number stands for. Pure.
 * Readers, chargers and vehicles write one number in several ways; the list finds it in each of them.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { EpochSeconds, MinorUnits } from '@/lib/core/units'
import type { MessageHash } from '@/lib/core/ids'
import { parseMessage, type ParsedMessage, type VerifiedMessage } from '@/lib/protocol/message'
import type { LocalList, LocalListEntry, TokenType } from '@/lib/protocol/messages/local-list'
import { voucher, type Voucher } from '@/lib/protocol/messages/voucher'
import type { PresentedToken } from '../ocpp/port'

export interface Card {
  readonly type: TokenType
  /** As the issuer wrote it, which is how chargers are told of it. */
  readonly token: string
  readonly voucher: ParsedMessage<Voucher>
  readonly sessionCapMinor: MinorUnits | undefined
  readonly group: string | undefined
  /** Of an eMAID: the contract certificates that count; undefined: whichever its charger has checked. */
  readonly contracts: readonly MessageHash[] | undefined
}

export interface CardList {
  readonly version: number
  readonly timeS: EpochSeconds
  readonly notAfterS: EpochSeconds
  readonly cards: readonly Card[]
  /** Several where two kinds of token have one number. */
  readonly byToken: ReadonlyMap<string, readonly Card[]>
  /** As they were signed, in the order of their parts. */
  readonly parts: readonly Bytes[]
}

export type ListPart = VerifiedMessage<LocalList>

/** Of one version and one issue: what is not, belongs to another list. */
export const isOfOneList = ({ payload: left }: ListPart, { payload: right }: ListPart): boolean =>
  left.version === right.version &&
  left.parts === right.parts &&
  left.timeS === right.timeS &&
  left.notAfterS === right.notAfterS

/** Undefined while a part is missing. A card whose voucher cannot be read is left out: it could never be charged to. */
export function assembleList(parts: readonly ListPart[]): CardList | undefined {
  const [first] = parts
  const inOrder = [...new Map(parts.map((part) => [part.payload.part, part])).values()].sort(
    (left, right) => left.payload.part - right.payload.part,
  )
  if (first === undefined || inOrder.length !== first.payload.parts) return undefined
  if (inOrder.some((part, index) => part.payload.part !== index || !isOfOneList(part, first)))
    return undefined
  const cards = inOrder.flatMap(({ payload }) => payload.entries.flatMap((entry) => cardOf(entry) ?? []))
  const byToken = new Map<string, Card[]>()
  for (const card of cards) {
    const key = tokenKey(card.token)
    byToken.set(key, [...(byToken.get(key) ?? []), card])
  }
  const { version, timeS, notAfterS } = first.payload
  return { version, timeS, notAfterS, cards, byToken, parts: inOrder.map(({ bytes }) => bytes) }
}

function cardOf({ type, token, voucher: bytes, ...rest }: LocalListEntry): Card | undefined {
  const parsed = parseMessage(voucher, bytes)
  if (!parsed.ok || parsed.value.payload.bearer !== 'rfid') return undefined
  const { sessionCapMinor, group, contracts } = rest
  return { type, token, voucher: parsed.value, sessionCapMinor, group, contracts }
}

/** OCPP compares identifiers without regard to case (1.6 §3.15, 2.0.1 C01); contracts are written with and without dashes. */
const tokenKey = (text: string): string => text.replaceAll('-', '').toUpperCase()

/** OCPP 1.6 says nothing about the kind of a token, so the number alone decides there. */
export function findCard({ byToken }: CardList, { text, type }: PresentedToken): Card | undefined {
  const cards = byToken.get(tokenKey(text)) ?? []
  return type === undefined ? cards[0] : cards.find((card) => card.type === type)
}

export const serialOf = (card: Card): Voucher['serial'] => card.voucher.payload.serial
