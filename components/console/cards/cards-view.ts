/** What the part for cards at chargers' readers shows, and what can be done there. */

import type { listCards } from '@/lib/cloud/operations/cards'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { BatchTerms } from '../printed/printed-view'
import type { Progress } from '../progress'

export type ReaderCard = AnswerOf<typeof listCards>['cards'][number]
export type ReaderCardState = ReaderCard['state']

export const readerCardStates = ['live', 'spent', 'expired', 'revoked'] as const
/** Where and how long a card is good, and how much is free for it: the same for every kind of card. */
export type CardTerms = Pick<BatchTerms, 'freeMinor' | 'sites'>

export type CardKind = 'reader' | 'printed'

/** By the words of OCPP; the rest of its kinds come by the API. */
export const cardTypes = ['ISO14443', 'ISO15693', 'eMAID'] as const
export type CardType = (typeof cardTypes)[number]

export interface CardFilter {
  readonly state: ReaderCardState | 'all'
  readonly search: string
}

export interface CardOrder {
  readonly label: string
  readonly type: CardType
  readonly token: string
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly days: number
}

export type CardsDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'give-out'; readonly progress: Progress }
  | { readonly kind: 'withdraw'; readonly card: ReaderCard; readonly progress: Progress }

export interface ReaderCardsView {
  readonly cards: readonly ReaderCard[]
  readonly filter: CardFilter
  /** Null until they are read. */
  readonly terms: CardTerms | null
  readonly currency: string
  readonly may: { readonly issue: boolean; readonly revoke: boolean }
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
  readonly dialog: CardsDialog
}

export interface CardDialogActs {
  onClose(): void
  onGiveOut(order: CardOrder): void
  onWithdraw(cardId: string): void
}

export interface ReaderCardsActs extends CardDialogActs {
  onFilter(filter: CardFilter): void
  onOpenGiveOut(): void
  onOpenWithdraw(card: ReaderCard): void
}

/** As people look for a card: by whose it is, or by the end of its number. */
export function filteredCards(
  cards: readonly ReaderCard[],
  { state, search }: CardFilter,
): readonly ReaderCard[] {
  const wanted = plain(search)
  return cards.filter(
    (card) =>
      (state === 'all' || card.state === state) &&
      (wanted === '' || plain(card.label).includes(wanted) || plain(card.tokenEnd).endsWith(wanted)),
  )
}

/** However it is written: case, spaces, colons and dashes do not count. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s:-]+/g, '')
    .toLowerCase()

/** A number as it is sent: readers and labels print it with spaces or colons between bytes, which are not part of it. */
export const writtenNumber = (typed: string): string => typed.replaceAll(/[\s:]+/g, '').toUpperCase()

const numberForms: Record<CardType, RegExp> = {
  // Four, seven or ten bytes (ISO/IEC 14443-3).
  ISO14443: /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/,
  // Eight bytes, of which the first is E0 (ISO/IEC 15693-3).
  ISO15693: /^E0[0-9A-F]{14}$/,
  // Country, provider, instance, check digit (ISO 15118-2).
  eMAID: /^[A-Z]{2}-?[0-9A-Z]{3}-?[0-9A-Z]{9}(?:-?[0-9A-Z])?$/,
}

/** Whether a number can be one of that kind. A slip of the hand would set credit aside for a card that nobody holds. */
export const isNumberOf = (type: CardType, typed: string): boolean =>
  numberForms[type].test(writtenNumber(typed))
